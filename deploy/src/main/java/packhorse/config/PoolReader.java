package packhorse.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `pools`.
record PoolReader(Surroundings surroundings) {
  private static final Origin NO_ORIGIN = new Origin(true, "localhost", 443);
  private static final Secret NO_SECRET = new Secret(new Reference.InEnvironment(""), "");
  private static final Pattern NODE_URL =
      Pattern.compile("([^:/]+://[^/?#]*)((?:/[A-Za-z0-9._~-]+)*)/*");

  List<PoolSettings> read(Section root) {
    List<PoolSettings> pools = root.required("pools", c -> c.entries(this::pool), List.of());
    if (pools.isEmpty() && root.has("pools")) {
      root.error("pools", "is empty");
    }
    return pools;
  }

  private PoolSettings pool(String name, Cursor cursor) {
    SiteReader.name(name, cursor);
    return cursor.section(s -> {
      List<NodeSettings> nodes = s.required("nodes", c -> c.entries(this::node), List.of());
      return new PoolSettings(
          name,
          s.required("kind", c -> c.choice(PoolSettings.Kind.class), PoolSettings.Kind.PLAIN),
          storage(s, nodes),
          s.find("primary", Cursor::text),
          nodes,
          s.find("ca", surroundings::path),
          s.find("known-hosts", surroundings::path),
          s.optional(
              "authentication",
              c -> c.choice(PoolSettings.Authentication.class),
              PoolSettings.Authentication.NODE),
          s.optional("dumb-http", Cursor::flag, false),
          s.optional("offer-v2", Cursor::flag, false),
          s.optional("act-as", this::actAs, new ActAs.Nobody()),
          s.list("plain-http", ListenerReader::block),
          s.optional("probe", PoolReader::probe, noProbe(true)));
    });
  }

  private static PoolSettings.Storage storage(Section section, List<NodeSettings> nodes) {
    if (nodes.size() > 1 && !section.has("storage")) {
      section.error(
          "storage is missing: with more than one node, say shared, replicated or separate");
    }
    return section.optional(
        "storage", c -> c.choice(PoolSettings.Storage.class), PoolSettings.Storage.SHARED);
  }

  private NodeSettings node(String name, Cursor cursor) {
    SiteReader.name(name, cursor);
    NodeSettings none = new NodeSettings(name, NO_ORIGIN, "", 1);
    if (cursor.isScalar()) {
      return cursor.parsed(text -> node(name, text, 1), none);
    }
    return cursor.section(s -> {
      int weight = s.optional("weight", c -> c.number(1, 1000), 1);
      return s.required("http", c -> c.parsed(text -> node(name, text, weight), none), none);
    });
  }

  private static NodeSettings node(String name, String url, int weight) {
    Matcher m = NODE_URL.matcher(url);
    if (!m.matches() || m.group(2).contains("/.")) {
      throw new IllegalArgumentException(
          "\"" + url + "\" is no URL of a node; write http://NAME:PORT or http://NAME:PORT/PATH");
    }
    return new NodeSettings(name, Origin.parse(m.group(1)), m.group(2), weight);
  }

  private ActAs actAs(Cursor cursor) {
    if (cursor.isScalar()) {
      if (!cursor.notBuilt(cursor.text()) && !cursor.is("nobody")) {
        cursor.error(
            "must be nobody, { header: NAME } or { basic: { user: NAME, password: ... } }");
      }
      return new ActAs.Nobody();
    }
    return cursor.section(s -> {
      Optional<ActAs> header = s.find("header", PoolReader::header);
      Optional<ActAs> basic = s.find("basic", this::basic);
      if (header.isEmpty() && basic.isEmpty()) {
        s.missing("header or basic");
      } else if (header.isPresent() && basic.isPresent()) {
        s.error("has both header and basic");
      }
      return header.or(() -> basic).orElse(new ActAs.Nobody());
    });
  }

  private static ActAs header(Cursor cursor) {
    return new ActAs.Header(cursor.parsed(HeaderName::parse, "X"));
  }

  private ActAs basic(Cursor cursor) {
    return cursor.section(s ->
        new ActAs.Basic(
            s.required("user", PoolReader::basicUser, ""),
            s.required("password", c -> surroundings.secret(c, p -> {}), NO_SECRET)));
  }

  private static String basicUser(Cursor cursor) {
    if (cursor.text().indexOf(':') >= 0) {
      cursor.error("a user name has no colon");
    }
    return cursor.text();
  }

  private static ProbeSettings probe(Cursor cursor) {
    if (cursor.is("none")) {
      return noProbe(false);
    }
    ProbeSettings usual = noProbe(true);
    return cursor.section(s ->
        new ProbeSettings(
            true,
            s.optional("interval", PoolReader::time, usual.interval()),
            s.optional("timeout", PoolReader::time, usual.timeout()),
            s.optional("down-after", c -> c.number(1, 1000), usual.downAfter()),
            s.optional("up-after", c -> c.number(1, 1000), usual.upAfter()),
            s.optional(
                "slow-start",
                c -> c.parsed(TimeText::parseOrZero, Duration.ZERO),
                usual.slowStart()),
            s.optional("path", PoolReader::path, usual.path()),
            s.find("canary", PoolReader::repository)));
  }

  private static ProbeSettings noProbe(boolean active) {
    Duration two = Duration.ofSeconds(2);
    return new ProbeSettings(active, two, two, 3, 2, Duration.ofSeconds(30), "/", Optional.empty());
  }

  static Duration time(Cursor cursor) {
    return cursor.parsed(TimeText::parse, Duration.ofSeconds(1));
  }

  private static String path(Cursor cursor) {
    if (!cursor.text().matches("/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")) {
      cursor.error("must be a path of a URL, such as /healthz");
    }
    return cursor.text();
  }

  private static String repository(Cursor cursor) {
    if (!cursor.text().matches("[^/\\s]+(/[^/\\s]+)*")) {
      cursor.error("must be a repository, such as packhorse/canary");
    }
    return cursor.text();
  }
}
