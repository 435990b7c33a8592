import com.google.googlejavaformat.java.Formatter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// Formats the Java sources of the project (`--replace`), or says which are not formatted (`--check`).
/// Run by Maven with google-java-format on the class path, on the JDK that compiles.
final class Format {
  public static void main(String[] args) throws Exception {
    boolean replace = args[0].equals("--replace");
    var misformatted = new ArrayList<Path>();
    try (var files = Files.walk(Path.of(args[1]))) {
      for (Path file : files.filter(Format::source).sorted().toList()) {
        String before = Files.readString(file);
        String after = new Formatter().formatSourceAndFixImports(before);
        if (before.equals(after)) continue;
        if (replace) Files.writeString(file, after);
        else misformatted.add(file);
      }
    }
    if (misformatted.isEmpty()) return;
    misformatted.forEach(file -> System.err.println("not formatted: " + file));
    System.err.println("build/format rewrites them");
    System.exit(1);
  }

  private static boolean source(Path file) {
    String name = file.toString();
    return name.endsWith(".java") && name.contains("/src/") && !name.contains("/target/");
  }
}
