package packhorse.it.design;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// A source file of the project, parsed and not compiled. Immutable.
///
/// @param path the path below the project's root
/// @param positions the positions of its trees
record SourceFile(Path path, CompilationUnitTree tree, SourcePositions positions) {
  private static final List<String> MODULES =
      List.of("routing", "proxy-http", "proxy-ssh", "deploy", "it");

  /// Returns every source file of every module, including tests.
  static List<SourceFile> all() throws IOException {
    Path root = root();
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> tree = Files.walk(root.resolve(module).resolve("src"))) {
        tree.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager fileManager =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var units = fileManager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, fileManager, null, List.of(), null, units);
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<SourceFile> sources = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        Path path = root.relativize(Path.of(unit.getSourceFile().toUri()));
        sources.add(new SourceFile(path, unit, positions));
      }
      return sources;
    }
  }

  // Surefire runs in the folder of the module.
  private static Path root() {
    Path current = Path.of("").toAbsolutePath();
    return Files.isDirectory(current.resolve("routing"))
        ? current
        : current.resolve("..").normalize();
  }

  /// Returns whether this file is a test or belongs to one.
  boolean isTest() {
    return path.toString().contains("src/test");
  }

  String text() throws IOException {
    return tree.getSourceFile().getCharContent(true).toString();
  }

  /// Returns the number of lines of a tree.
  long lineCount(Tree part) {
    return tree.getLineMap().getLineNumber(positions.getEndPosition(tree, part))
        - lineNumber(part)
        + 1;
  }

  long lineNumber(Tree part) {
    return tree.getLineMap().getLineNumber(positions.getStartPosition(tree, part));
  }

  /// Returns a description of a violation with its file and line.
  String finding(Tree part, String violation) {
    return path + ":" + lineNumber(part) + " " + violation;
  }
}
