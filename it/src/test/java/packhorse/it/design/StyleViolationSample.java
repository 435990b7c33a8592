package packhorse.it.design;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A source file that violates every rule of the style once.
final class StyleViolationSample {
  private static final String SAMPLE =
      """
      import java.util.*;
      class ThingManager {
        int seven(int a, int b, int c, int d, int e, int f, int g) { return 1; }
        record Free(int a, int b, int c, int d, int e, int f, int g) {}
        void clock() { java.time.Instant.now(); Instant.now(); System.currentTimeMillis(); }
        void swallows() { try { clock(); } catch (RuntimeException e) { } }
        static final class Server {}
        static final class OurServer {}
        static final class OurChannel extends org.example.LibraryChannel {}
        void longOne() {
      %s  }
      }
      """
          .formatted("    clock();\n".repeat(50));

  private StyleViolationSample() {}

  static List<String> check() throws IOException {
    var file =
        new SimpleJavaFileObject(URI.create("string:///Broken.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean lenient) {
            return SAMPLE;
          }
        };
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task = (JavacTask) compiler.getTask(null, null, null, List.of(), null, List.of(file));
    var tree = task.parse().iterator().next();
    var positions = Trees.instance(task).getSourcePositions();
    return StyleChecker.check(new SourceFile(Path.of("src/main/Broken.java"), tree, positions));
  }
}
