package packhorse.it.design;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks one source and writes down what the style forbids. For one thread.
final class Findings extends TreeScanner<@Nullable Void, @Nullable Void> {
  private static final int METHOD_LINES = 50;
  private static final int PARAMETERS = 6;
  private static final Set<String> BANNED =
      Set.of(
          "Manager",
          "Helper",
          "Util",
          "Utils",
          "Impl",
          "Base",
          "Context",
          "Data",
          "Info",
          "Upstream",
          "Downstream",
          "Session",
          "Channel",
          "Upload",
          "Download");
  // two words that say something only together with another
  private static final Set<String> NEVER_ALONE = Set.of("Server", "Host");
  private static final Set<String> CLOCKS =
      Set.of("Instant.now", "System.currentTimeMillis", "Clock.systemUTC", "LocalDateTime.now");
  private static final Set<String> OWN_A_CLOCK = Set.of("Assembly.java", "ListenerChecks.java");

  private final Source source;
  private final List<String> found = new ArrayList<>();
  private boolean inRecord;

  Findings(Source source) {
    this.source = source;
  }

  /// All of them, each with its file and line.
  static List<String> in(Source source) {
    Findings findings = new Findings(source);
    findings.scan(source.tree(), null);
    return findings.found;
  }

  private void add(Tree at, String what) {
    found.add(source.at(at, what));
  }

  @Override
  public @Nullable Void visitImport(ImportTree node, @Nullable Void none) {
    if (node.getQualifiedIdentifier().toString().endsWith(".*")) add(node, "imports a star");
    return null;
  }

  @Override
  public @Nullable Void visitClass(ClassTree node, @Nullable Void none) {
    String name = node.getSimpleName().toString();
    List<String> words = words(name);
    // a type that extends a library's takes its word from there
    List<String> from = node.getExtendsClause() == null ? List.of() : words(simple(node));
    for (String word : words) {
      if (BANNED.contains(word) && !from.contains(word)) add(node, name + " says " + word);
    }
    if (NEVER_ALONE.contains(name)) add(node, name + " says nothing alone");
    boolean outer = inRecord;
    inRecord = node.getKind() == Tree.Kind.RECORD;
    super.visitClass(node, null);
    inRecord = outer;
    return null;
  }

  private static String simple(ClassTree node) {
    String name = String.valueOf(node.getExtendsClause()).replaceFirst("<.*", "");
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static List<String> words(String name) {
    return Arrays.asList(name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", -1));
  }

  @Override
  public @Nullable Void visitMethod(MethodTree node, @Nullable Void none) {
    String name = node.getName().toString();
    // tables of values stand in annotations before it
    Tree type = node.getReturnType();
    long lines = source.lines(node) - (type == null ? 0 : source.line(type) - source.line(node));
    if (lines > METHOD_LINES) add(node, name + " has " + lines + " lines");
    int parameters = node.getParameters().size();
    boolean component = inRecord && node.getName().contentEquals("<init>");
    if (parameters > PARAMETERS && !component) {
      add(node, name + " has " + parameters + " parameters");
    }
    return super.visitMethod(node, null);
  }

  @Override
  public @Nullable Void visitMemberSelect(MemberSelectTree node, @Nullable Void none) {
    String what = node.toString();
    if (source.test() && what.equals("Thread.sleep") && !named("Await.java")) {
      add(node, "sleeps in a test: await something");
    }
    boolean clock = CLOCKS.stream().anyMatch(call -> ("." + what).endsWith("." + call));
    if (!source.test() && clock && OWN_A_CLOCK.stream().noneMatch(this::named)) {
      add(node, "looks at the wall clock: " + what);
    }
    return super.visitMemberSelect(node, null);
  }

  private boolean named(String file) {
    return source.path().endsWith(file);
  }

  @Override
  public @Nullable Void visitCatch(CatchTree node, @Nullable Void none) {
    boolean named = !node.getParameter().getName().isEmpty();
    boolean empty = node.getBlock().getStatements().isEmpty();
    if (empty && named && !source.test()) add(node, "swallows an exception");
    return super.visitCatch(node, null);
  }
}
