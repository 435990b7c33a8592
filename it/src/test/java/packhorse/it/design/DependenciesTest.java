package packhorse.it.design;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checks the dependencies between packages against a table. A sub-package counts as its parent
/// towards all other packages; the sub-packages of one parent must not depend on each other in a
/// cycle.
final class DependenciesTest {
  private static final String ROOT = "packhorse";
  private static final String EVERYTHING = "*";

  /// Each package of the project and the packages that it may use besides itself. `pipeline` is the
  /// root package.
  private static final String TABLE =
      """
      file       -
      wire       -
      request    wire
      memory     request
      placement  request
      identity   memory request placement
      policy     wire request identity placement
      node       memory wire request placement policy
      cache      wire request
      exchange   memory wire request placement policy node cache
      backend    wire request placement identity policy node
      record     file memory wire request placement identity policy node exchange
      pipeline   memory request placement identity policy node exchange record
      http       file memory pipeline request wire node exchange
      ssh        file memory pipeline request wire node exchange
      deploy     *
      config     *
      control    *
      demo       *
      """;

  private static final Map<String, Set<String>> ALLOWED =
      TABLE
          .lines()
          .map(line -> line.split(" +", 2))
          .collect(
              Collectors.toUnmodifiableMap(
                  words -> words[0],
                  words ->
                      Arrays.stream(words[1].split(" ", -1))
                          .filter(word -> !word.equals("-"))
                          .collect(Collectors.toUnmodifiableSet())));

  private static final String[] ROUTING =
      Stream.of(
              "file",
              "wire",
              "request",
              "memory",
              "placement",
              "identity",
              "policy",
              "node",
              "cache",
              "exchange",
              "backend",
              "record")
          .map(name -> ROOT + "." + name + "..")
          .toArray(String[]::new);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/packhorse/it/"))
          .importPackages(ROOT);

  /// The row of the table that a class belongs to: the first package name below the root.
  private static String row(JavaClass type) {
    String name = type.getPackageName();
    if (name.equals(ROOT)) return "pipeline";
    return name.substring(ROOT.length() + 1).split("\\.", 2)[0];
  }

  private static boolean isProjectClass(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  @Test
  void every_package_of_the_project_is_in_the_table() {
    assertThat(CLASSES.stream().map(DependenciesTest::row).collect(Collectors.toSet()))
        .as("packages without a row in the table")
        .isSubsetOf(ALLOWED.keySet());
    assertThat(CLASSES.stream().map(DependenciesTest::row).collect(Collectors.toSet()))
        .contains("wire", "request", "exchange", "pipeline", "http", "ssh", "deploy");
  }

  @Test
  void packages_depend_only_on_those_that_the_table_allows() {
    Set<String> violations = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      Set<String> allowed = ALLOWED.getOrDefault(row(from), Set.of());
      if (allowed.contains(EVERYTHING)) continue;
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (!isProjectClass(to) || row(to).equals(row(from)) || allowed.contains(row(to))) continue;
        violations.add(
            from.getName() + " uses " + to.getName() + ": " + row(from) + " -> " + row(to));
      }
    }
    assertThat(violations).as("dependencies that the table does not allow").isEmpty();
  }

  @Test
  void packages_have_no_cycle() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName))
        .contains("packhorse.wire.pkt", "packhorse.exchange.call");
    slices().matching("packhorse.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void only_the_configuration_depends_on_yaml() {
    noClasses()
        .that()
        .resideOutsideOfPackage("packhorse.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.snakeyaml..", "org.yaml..", "tools.jackson.dataformat.yaml..")
        .check(CLASSES);
  }

  @Test
  void only_packages_that_speak_http_depend_on_jetty() {
    noClasses()
        .that()
        .resideOutsideOfPackages("packhorse.http..", "packhorse.control..", "packhorse.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void only_three_adapters_depend_on_the_internals_of_jetty() {
    noClasses()
        .that()
        .haveNameNotMatching(
            "packhorse\\.http\\.(node\\.StrictHttp1(Connection|Receiver)|connector\\.StrictHttp1Factory)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..internal..")
        .check(CLASSES);
  }

  @Test
  void only_packages_that_speak_ssh_depend_on_mina() {
    noClasses()
        .that()
        .resideOutsideOfPackages("packhorse.ssh..", "packhorse.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.sshd..")
        .check(CLASSES);
  }

  @Test
  void only_the_demo_depends_on_jgit() {
    noClasses()
        .that()
        .resideOutsideOfPackage("packhorse.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jgit..")
        .check(CLASSES);
  }

  @Test
  void the_core_uses_no_futures() {
    classes()
        .that()
        .resideInAnyPackage(ROUTING)
        .or()
        .haveFullyQualifiedName("packhorse.Pipeline")
        .should(new UseNoFutures())
        .check(CLASSES);
  }

  @Test
  void static_fields_are_final_and_immutable() {
    fields().that().areStatic().should(new BeImmutable()).check(CLASSES);
  }

  /// Rejects every use of a future, a completion stage or a reactive type, in a signature or
  /// elsewhere.
  private static final class UseNoFutures extends ArchCondition<JavaClass> {
    UseNoFutures() {
      super("use no futures and no reactive types");
    }

    @Override
    public void check(JavaClass from, ConditionEvents events) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass();
        boolean future =
            to.isAssignableTo(CompletionStage.class)
                || to.getName().startsWith(Flow.class.getName());
        if (future) {
          events.add(SimpleConditionEvent.violated(from, dependency.getDescription()));
        }
      }
    }
  }

  /// Rejects static fields that are not final or have a mutable type.
  private static final class BeImmutable extends ArchCondition<JavaField> {
    BeImmutable() {
      super("be final and of an immutable type");
    }

    @Override
    public void check(JavaField field, ConditionEvents events) {
      JavaClass type = field.getRawType();
      boolean mutable =
          type.getPackageName().startsWith("java.util.concurrent.atomic")
              || type.isAssignableTo(ConcurrentMap.class)
              || type.isAssignableTo(Lock.class)
              || type.isAssignableTo(ThreadLocal.class)
              || type.getName().startsWith("com.github.benmanes.caffeine")
              || (type.isAssignableTo(Collection.class)
                  && type.getPackageName().startsWith("java.util")
                  && !type.isInterface());
      boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
      boolean generated = field.getModifiers().contains(JavaModifier.SYNTHETIC);
      if (generated || (isFinal && !mutable)) return;
      events.add(
          SimpleConditionEvent.violated(
              field, field.getFullName() + (isFinal ? " has a mutable type" : " is not final")));
    }
  }
}
