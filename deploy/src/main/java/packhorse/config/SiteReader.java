package packhorse.config;

import java.util.List;
import java.util.Optional;

/// Reads `sites`, or `public-url` and `public-ssh` for a single site.
final class SiteReader {
  private static final Origin NO_ORIGIN = new Origin(true, "localhost", 443);
  private static final Address NO_ADDRESS = new Address("localhost", 22);

  private SiteReader() {}

  static List<SiteSettings> read(Section root, List<PoolSettings> pools) {
    Optional<List<SiteSettings>> sites =
        root.find("sites", c -> c.entries((name, site) -> site(name(name, site), site)));
    Optional<Origin> url = root.find("public-url", SiteReader::url);
    Optional<Address> ssh = root.find("public-ssh", SiteReader::ssh);
    if (sites.isPresent()) {
      if (url.isPresent() || ssh.isPresent()) {
        String key = url.isPresent() ? "public-url" : "public-ssh";
        root.error(key, "sites takes its place; say one or the other");
      }
      if (sites.get().isEmpty()) {
        root.error("sites", "is empty");
      }
      return sites.get();
    }
    if (url.isEmpty()) {
      root.missing("public-url");
    }
    if (pools.size() > 1) {
      root.error("public-url", "stands for one pool, and there are several; say sites");
    }
    String pool = pools.isEmpty() ? "" : pools.getFirst().name();
    return List.of(new SiteSettings("default", url.orElse(NO_ORIGIN), ssh, List.of(), pool));
  }

  private static SiteSettings site(String name, Cursor cursor) {
    return cursor.section(s ->
        new SiteSettings(
            name,
            s.required("url", SiteReader::url, NO_ORIGIN),
            s.find("ssh", SiteReader::ssh),
            s.list("aliases", SiteReader::url),
            s.required("pool", Cursor::text, "")));
  }

  /// A name that the operator chose: it gets into paths of keys, meters and logs.
  static String name(String name, Cursor value) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
      value.error("a name here has letters, digits, . _ and -, and begins with a letter or digit");
    }
    return name;
  }

  private static Origin url(Cursor cursor) {
    return cursor.parsed(Origin::parse, NO_ORIGIN);
  }

  private static Address ssh(Cursor cursor) {
    return cursor.parsed(text -> Address.parse(text, 22), NO_ADDRESS);
  }
}
