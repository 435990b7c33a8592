package packhorse.it.design;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may depend on whom: the table of the design, word for word.
final class DependenciesTest {
  private static final String ROOT = "packhorse";
  private static final String EVERYTHING = "*";

  /// A package of ours, and those that it may use besides itself. `pipeline` is the root package.
  private static final String TABLE =
      """
      wire       -
      request    wire
      placement  request
      identity   request placement
      policy     wire request identity placement
      node       wire request policy placement
      cache      wire request
      exchange   wire request policy node cache
      backend    wire request placement identity policy node
      record     wire request placement identity policy node exchange
      pipeline   request placement identity policy node exchange record
      http       pipeline request wire node exchange
      ssh        pipeline request wire node exchange
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
              "wire",
              "request",
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

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/packhorse/it/"))
          .importPackages(ROOT);

  /// The row of the table that a class belongs to.
  private static String row(JavaClass of) {
    String name = of.getPackageName();
    if (name.equals(ROOT)) return "pipeline";
    return name.substring(ROOT.length() + 1);
  }

  private static boolean ours(JavaClass of) {
    return of.getPackageName().equals(ROOT) || of.getPackageName().startsWith(ROOT + ".");
  }

  @Test
  void every_package_of_ours_is_in_the_table() {
    assertThat(OURS.stream().map(DependenciesTest::row).collect(Collectors.toSet()))
        .as("packages without a row in the design's table")
        .isSubsetOf(ALLOWED.keySet());
    assertThat(OURS.stream().map(DependenciesTest::row).collect(Collectors.toSet()))
        .contains("wire", "request", "exchange", "pipeline", "http", "ssh", "deploy");
  }

  @Test
  void packages_depend_on_what_the_design_says_and_on_nothing_else() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : OURS) {
      Set<String> allowed = ALLOWED.getOrDefault(row(from), Set.of());
      if (allowed.contains(EVERYTHING)) continue;
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        if (!ours(to) || row(to).equals(row(from)) || allowed.contains(row(to))) continue;
        wrong.add(from.getName() + " uses " + to.getName() + ": " + row(from) + " -> " + row(to));
      }
    }
    assertThat(wrong).as("the design's table says who may use whom").isEmpty();
  }

  @Test
  void only_the_configuration_knows_yaml() {
    noClasses()
        .that()
        .resideOutsideOfPackage("packhorse.config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.snakeyaml..", "org.yaml..", "tools.jackson.dataformat.yaml..")
        .check(OURS);
  }

  @Test
  void jetty_is_known_where_http_is_spoken() {
    noClasses()
        .that()
        .resideOutsideOfPackages("packhorse.http..", "packhorse.control..", "packhorse.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(OURS);
  }

  @Test
  void mina_is_known_where_ssh_is_spoken() {
    noClasses()
        .that()
        .resideOutsideOfPackages("packhorse.ssh..", "packhorse.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.sshd..")
        .check(OURS);
  }

  @Test
  void jgit_is_known_to_the_demo_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("packhorse.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jgit..")
        .check(OURS);
  }

  @Test
  void the_core_blocks_and_has_no_futures() {
    classes()
        .that()
        .resideInAnyPackage(ROUTING)
        .or()
        .haveFullyQualifiedName("packhorse.Pipeline")
        .should(new FuturesNowhere())
        .check(OURS);
  }

  @Test
  void nothing_static_changes() {
    fields().that().areStatic().should(new NeverChange()).check(OURS);
  }

  /// No class mentions a future, a stage or a reactive type, in a signature or elsewhere.
  private static final class FuturesNowhere extends ArchCondition<JavaClass> {
    FuturesNowhere() {
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

  /// A static field is final and holds nothing that is made to be changed.
  private static final class NeverChange extends ArchCondition<JavaField> {
    NeverChange() {
      super("be final and of a type that does not change");
    }

    @Override
    public void check(JavaField field, ConditionEvents events) {
      JavaClass type = field.getRawType();
      boolean changes =
          type.getPackageName().startsWith("java.util.concurrent.atomic")
              || type.isAssignableTo(java.util.concurrent.ConcurrentMap.class)
              || type.isAssignableTo(java.util.concurrent.locks.Lock.class)
              || type.isAssignableTo(ThreadLocal.class)
              || type.getName().startsWith("com.github.benmanes.caffeine")
              || (type.isAssignableTo(Collection.class)
                  && type.getPackageName().startsWith("java.util")
                  && !type.isInterface());
      boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
      boolean generated = field.getModifiers().contains(JavaModifier.SYNTHETIC);
      if (generated || (isFinal && !changes)) return;
      events.add(
          SimpleConditionEvent.violated(
              field, field.getFullName() + (isFinal ? " can change" : " is not final")));
    }
  }
}
