package packhorse.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rows of `docs/config.md`: a key's shape, and its default as it is documented.
final class ConfigPage {
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|[^|]*\\|([^|]*)\\|.*");

  private ConfigPage() {}

  static Map<String, String> rows() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/config.md"))) {
      Matcher m = ROW.matcher(line);
      if (m.matches()) {
        rows.put(m.group(1), m.group(2).strip());
      }
    }
    return rows;
  }

  /// The shape of a key whose names are those of the tests' files.
  static String shape(String key) {
    return key.replaceFirst("^(sites|listeners|users|groups)\\.[^.]+", "$1.*")
        .replaceFirst("^pools\\.[^.]+", "pools.*")
        .replaceFirst("^pools\\.\\*\\.nodes\\.[^.]+", "pools.*.nodes.*");
  }
}
