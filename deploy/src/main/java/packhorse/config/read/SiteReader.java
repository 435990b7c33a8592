package packhorse.config.read;

import java.util.List;
import java.util.Optional;
import packhorse.config.model.Address;
import packhorse.config.model.Origin;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.SiteSettings;

/// Reads the sites of the configuration file: from the section `sites`, or a single one from the
/// keys `public-url` and `public-ssh`. Called by [SettingsReader]. Errors are reported to the
/// file's problems; a placeholder then stands for the value, so that reading goes on.
final class SiteReader {
  /// The placeholder for a URL that is missing or not valid, which has been reported.
  static final Origin NO_ORIGIN = new Origin(true, "localhost", 443);

  /// The placeholder for an SSH address that is not valid, which has been reported.
  private static final Address NO_ADDRESS = new Address("localhost", 22);

  private SiteReader() {}

  /// Reads the sites.
  ///
  /// @param root the top level of the file
  /// @param pools the pools of the file; the single site gets the first
  static List<SiteSettings> read(Section root, List<PoolSettings> pools) {
    Optional<List<SiteSettings>> sites =
        root.find(
            "sites", value -> value.entries((name, site) -> site(checkedName(name, site), site)));
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
    return value.section(section ->
        new SiteSettings(
            name,
            section.required("url", SiteReader::url, NO_ORIGIN),
            section.find("ssh", SiteReader::sshAddress),
            section.list("aliases", SiteReader::url),
            section.required("pool", YamlValue::text, "")));
  }

  /// Returns a name that the operator chose, and reports an error if it has a character that is not
  /// allowed or is too long. Such names occur in key paths of messages, in meter labels and in the
  /// log.
  ///
  /// @param value the value whose key is the name
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
