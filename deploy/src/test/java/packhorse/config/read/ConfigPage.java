package packhorse.config.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the rows of `docs/config.md`: each key and its documented default. A key is documented
/// once for all sites, pools, nodes and the like, with `*` in place of their names, such as
/// `pools.*.nodes.*`; this is the key's shape.
final class ConfigPage {
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|[^|]*\\|([^|]*)\\|.*");

  private ConfigPage() {}

  /// Returns the documented default of each shape.
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

  /// Returns the shape of a key of a configuration.
  static String shape(String key) {
    return key.replaceFirst("^(sites|listeners|users|groups)\\.[^.]+", "$1.*")
        .replaceFirst("^pools\\.[^.]+", "pools.*")
        .replaceFirst("^pools\\.\\*\\.nodes\\.[^.]+", "pools.*.nodes.*");
  }
}
