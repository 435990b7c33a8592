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

/// One source file of ours, parsed and not compiled. Immutable.
///
/// @param path below the project's root
/// @param positions where its trees begin and end
record Source(Path path, CompilationUnitTree tree, SourcePositions positions) {
  private static final List<String> MODULES =
      List.of("routing", "proxy-http", "proxy-ssh", "deploy", "it");

  /// Every source of every module, tests among them.
  static List<Source> all() throws IOException {
    Path root = root();
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> below = Files.walk(root.resolve(module).resolve("src"))) {
        below.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager opened =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var units = opened.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, opened, null, List.of(), null, units);
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<Source> sources = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        Path path = root.relativize(Path.of(unit.getSourceFile().toUri()));
        sources.add(new Source(path, unit, positions));
      }
      return sources;
    }
  }

  // surefire starts in the module
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("routing")) ? here : here.resolve("..").normalize();
  }

  /// Whether it is a test or belongs to one.
  boolean test() {
    return path.toString().contains("src/test");
  }

  String text() throws IOException {
    return tree.getSourceFile().getCharContent(true).toString();
  }

  /// How many lines a part of it takes.
  long lines(Tree part) {
    return tree.getLineMap().getLineNumber(positions.getEndPosition(tree, part)) - line(part) + 1;
  }

  long line(Tree part) {
    return tree.getLineMap().getLineNumber(positions.getStartPosition(tree, part));
  }

  /// A place in it, for people.
  String at(Tree part, String what) {
    return path + ":" + line(part) + " " + what;
  }
}
