package packhorse.config.read;

import java.util.List;
import java.util.Optional;
import packhorse.config.model.Address;
import packhorse.config.model.Origin;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.SiteSettings;

/// Reads `sites`, or `public-url` and `public-ssh` for a single site.
final class SiteReader {
  /// Stands for a URL that could not be read.
  static final Origin NO_ORIGIN = new Origin(true, "localhost", 443);

  private static final Address NO_ADDRESS = new Address("localhost", 22);

  private SiteReader() {}

  static List<SiteSettings> read(Section root, List<PoolSettings> pools) {
    Optional<List<SiteSettings>> sites =
        root.find("sites", v -> v.entries((name, site) -> site(checkedName(name, site), site)));
    Optional<Origin> url = root.find("public-url", SiteReader::url);
    Optional<Address> ssh = root.find("public-ssh", SiteReader::sshAddress);
    if (sites.isPresent()) {
      if (url.isPresent() || ssh.isPresent()) {
        String key = url.isPresent() ? "public-url" : "public-ssh";
        root.error(key, "cannot be combined with sites; use one or the other");
      }
      if (sites.get().isEmpty()) {
        root.error("sites", "is empty");
      }
      return sites.get();
    }
    if (url.isEmpty()) {
      root.reportMissing("public-url");
    }
    if (pools.size() > 1) {
      root.error("public-url", "works with one pool only, and there are several; use sites");
    }
    String pool = pools.isEmpty() ? "" : pools.getFirst().name();
    return List.of(new SiteSettings("default", url.orElse(NO_ORIGIN), ssh, List.of(), pool));
  }

  private static SiteSettings site(String name, YamlValue value) {
    return value.section(s ->
        new SiteSettings(
            name,
            s.required("url", SiteReader::url, NO_ORIGIN),
            s.find("ssh", SiteReader::sshAddress),
            s.list("aliases", SiteReader::url),
            s.required("pool", YamlValue::text, "")));
  }

  /// Checks and returns a name that the operator chose, which becomes a part of paths of keys,
  /// meter labels and log entries.
  static String checkedName(String name, YamlValue value) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
      value.error(
          "a name must have 1 to 63 letters, digits, ., _ and -, and begin with a letter or digit");
    }
    return name;
  }

  private static Origin url(YamlValue value) {
    return value.parse(Origin::parse, NO_ORIGIN);
  }

  private static Address sshAddress(YamlValue value) {
    return value.parse(text -> Address.parse(text, 22), NO_ADDRESS);
  }
}
