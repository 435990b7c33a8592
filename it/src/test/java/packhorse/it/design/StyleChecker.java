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

/// Finds violations of the style in one source file. For one thread.
final class StyleChecker extends TreeScanner<@Nullable Void, @Nullable Void> {
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
  // Git's own terms: its grammar has an upload-request and upload-haves.
  private static final Set<String> GIT_TERMS = Set.of("UploadRequest", "UploadHaves");
  // Words that have a meaning only together with another one.
  private static final Set<String> BANNED_ALONE = Set.of("Server", "Host");
  private static final Set<String> CLOCKS =
      Set.of("Instant.now", "System.currentTimeMillis", "Clock.systemUTC", "LocalDateTime.now");
  private static final Set<String> CLOCK_OWNERS = Set.of("Assembly.java", "ListenerChecks.java");

  private final SourceFile source;
  private final List<String> violations = new ArrayList<>();
  private boolean inRecord;

  StyleChecker(SourceFile source) {
    this.source = source;
  }

  /// Returns all violations of a source file, each with its file and line.
  static List<String> check(SourceFile source) {
    StyleChecker checker = new StyleChecker(source);
    checker.scan(source.tree(), null);
    return checker.violations;
  }

  private void report(Tree position, String violation) {
    violations.add(source.finding(position, violation));
  }

  @Override
  public @Nullable Void visitImport(ImportTree node, @Nullable Void none) {
    if (node.getQualifiedIdentifier().toString().endsWith(".*"))
      report(node, "imports with a wildcard");
    return null;
  }

  @Override
  public @Nullable Void visitClass(ClassTree node, @Nullable Void none) {
    String name = node.getSimpleName().toString();
    List<String> nameWords = splitWords(name);
    // A type that extends a library's type may use that type's words.
    List<String> inherited =
        node.getExtendsClause() == null ? List.of() : splitWords(superclassName(node));
    for (String word : nameWords) {
      boolean grammar = GIT_TERMS.stream().anyMatch(name::startsWith);
      if (BANNED.contains(word) && !inherited.contains(word) && !grammar) {
        report(node, name + " contains the word " + word);
      }
    }
    if (BANNED_ALONE.contains(name)) report(node, name + " needs another word");
    boolean outer = inRecord;
    inRecord = node.getKind() == Tree.Kind.RECORD;
    super.visitClass(node, null);
    inRecord = outer;
    return null;
  }

  private static String superclassName(ClassTree node) {
    String name = String.valueOf(node.getExtendsClause()).replaceFirst("<.*", "");
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static List<String> splitWords(String name) {
    return Arrays.asList(name.split("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", -1));
  }

  @Override
  public @Nullable Void visitMethod(MethodTree node, @Nullable Void none) {
    String name = node.getName().toString();
    // Annotations with tables of values before the method do not count.
    Tree type = node.getReturnType();
    long lines =
        source.lineCount(node)
            - (type == null ? 0 : source.lineNumber(type) - source.lineNumber(node));
    if (lines > METHOD_LINES) report(node, name + " has " + lines + " lines");
    int parameters = node.getParameters().size();
    boolean component = inRecord && node.getName().contentEquals("<init>");
    if (parameters > PARAMETERS && !component) {
      report(node, name + " has " + parameters + " parameters");
    }
    return super.visitMethod(node, null);
  }

  @Override
  public @Nullable Void visitMemberSelect(MemberSelectTree node, @Nullable Void none) {
    String expression = node.toString();
    if (source.isTest() && expression.equals("Thread.sleep") && !isFile("Await.java")) {
      report(node, "sleeps in a test instead of using Await");
    }
    boolean clock = CLOCKS.stream().anyMatch(call -> ("." + expression).endsWith("." + call));
    if (!source.isTest() && clock && CLOCK_OWNERS.stream().noneMatch(this::isFile)) {
      report(node, "reads the wall clock: " + expression);
    }
    return super.visitMemberSelect(node, null);
  }

  private boolean isFile(String file) {
    return source.path().endsWith(file);
  }

  @Override
  public @Nullable Void visitCatch(CatchTree node, @Nullable Void none) {
    boolean named = !node.getParameter().getName().isEmpty();
    boolean empty = node.getBlock().getStatements().isEmpty();
    if (empty && named && !source.isTest()) report(node, "swallows an exception");
    return super.visitCatch(node, null);
  }
}
