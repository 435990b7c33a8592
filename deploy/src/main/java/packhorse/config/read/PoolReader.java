package packhorse.config.read;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.backend.Backends;
import packhorse.config.model.ActAsSettings;
import packhorse.config.model.NodeSettings;
import packhorse.config.model.Origin;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.ProbeSettings;
import packhorse.placement.Backend;
import packhorse.placement.Pool;
import packhorse.placement.Storage;

/// Reads the section `pools` of the configuration file.
record PoolReader(ReferenceResolver resolver) {
  private static final Pattern NODE_URL =
      Pattern.compile("([^:/]+://[^/?#]*)((?:/[A-Za-z0-9._~-]+)*)/*");

  List<PoolSettings> read(Section root) {
    List<PoolSettings> pools = root.required("pools", v -> v.entries(this::pool), List.of());
    if (pools.isEmpty() && root.has("pools")) {
      root.error("pools", "is empty");
    }
    return pools;
  }

  private PoolSettings pool(String name, YamlValue value) {
    SiteReader.checkedName(name, value);
    return value.section(s -> {
      List<NodeSettings> nodes = s.required("nodes", v -> v.entries(this::node), List.of());
      Backend backend = s.required("kind", PoolReader::backend, Backends.PLAIN);
      return new PoolSettings(
          name,
          backend,
          storage(s, nodes),
          s.find("primary", YamlValue::text),
          nodes,
          s.find("ca", resolver::path),
          s.find("known-hosts", resolver::path),
          s.optional(
              "authentication", v -> v.choice(Pool.Authentication.class), Pool.Authentication.NODE),
          s.optional("dumb-http", YamlValue::bool, false),
          s.optional("offer-v2", YamlValue::bool, backend.offersV2ByDefault()),
          s.optional("act-as", this::actAs, new ActAsSettings.ActAsNobody()),
          s.list("plain-http", ListenerReader::cidrBlock),
          s.optional("probe", v -> probe(v, backend), defaultProbe(true, backend)));
    });
  }

  private static Storage storage(Section section, List<NodeSettings> nodes) {
    if (nodes.size() > 1 && !section.has("storage")) {
      section.error(
          "storage is missing: with more than one node it must be shared, replicated or separate");
    }
    return section.optional("storage", v -> v.choice(Storage.class), Storage.SHARED);
  }

  private NodeSettings node(String name, YamlValue value) {
    SiteReader.checkedName(name, value);
    NodeSettings placeholder = new NodeSettings(name, SiteReader.NO_ORIGIN, "", 1);
    if (value.isScalar()) {
      return value.parse(url -> parseNode(name, url, 1), placeholder);
    }
    return value.section(s -> {
      int weight = s.optional("weight", v -> v.integer(1, 1000), 1);
      return s.required(
          "http", v -> v.parse(url -> parseNode(name, url, weight), placeholder), placeholder);
    });
  }

  private static NodeSettings parseNode(String name, String url, int weight) {
    Matcher m = NODE_URL.matcher(url);
    if (!m.matches() || m.group(2).contains("/.")) {
      throw new IllegalArgumentException(
          "\"" + url + "\" is not a valid node URL; use http://NAME:PORT or http://NAME:PORT/PATH");
    }
    return new NodeSettings(name, Origin.parse(m.group(1)), m.group(2), weight);
  }

  private ActAsSettings actAs(YamlValue value) {
    if (value.isScalar()) {
      if (!value.reportIfUnimplemented(value.text()) && !value.hasText("nobody")) {
        value.error("must be nobody, { header: NAME } or { basic: { user: NAME, password: ... } }");
      }
      return new ActAsSettings.ActAsNobody();
    }
    return value.section(s -> {
      Optional<ActAsSettings> header = s.find("header", PoolReader::header);
      Optional<ActAsSettings> basic = s.find("basic", this::basic);
      if (header.isEmpty() && basic.isEmpty()) {
        s.reportMissing("header or basic");
      } else if (header.isPresent() && basic.isPresent()) {
        s.error("has both header and basic");
      }
      return header.or(() -> basic).orElse(new ActAsSettings.ActAsNobody());
    });
  }

  private static ActAsSettings header(YamlValue value) {
    return new ActAsSettings.ActAsHeader(value.parse(IdentityHeaderName::parse, "X"));
  }

  private ActAsSettings basic(YamlValue value) {
    return value.section(s ->
        new ActAsSettings.ActAsServiceAccount(
            s.required("user", PoolReader::basicUser, ""),
            s.required(
                "password",
                v -> resolver.readSecret(v, secret -> {}),
                ReferenceResolver.NO_SECRET)));
  }

  private static String basicUser(YamlValue value) {
    if (value.text().indexOf(':') >= 0) {
      value.error("a user name must not contain a colon");
    }
    return value.text();
  }

  private static Backend backend(YamlValue value) {
    String kind = value.text();
    Optional<Backend> found = Backends.find(kind);
    if (found.isEmpty() && !value.reportIfUnimplemented(kind)) {
      value.reportUnknownWord(kind, Backends.kinds());
    }
    return found.orElse(Backends.PLAIN);
  }

  private static ProbeSettings probe(YamlValue value, Backend backend) {
    if (value.hasText("none")) {
      return defaultProbe(false, backend);
    }
    ProbeSettings defaults = defaultProbe(true, backend);
    return value.section(s ->
        new ProbeSettings(
            true,
            s.optional("interval", PoolReader::duration, defaults.interval()),
            s.optional("timeout", PoolReader::duration, defaults.timeout()),
            s.optional("down-after", v -> v.integer(1, 1000), defaults.downAfter()),
            s.optional("up-after", v -> v.integer(1, 1000), defaults.upAfter()),
            s.optional(
                "slow-start",
                v -> v.parse(DurationFormat::parseOrZero, Duration.ZERO),
                defaults.slowStart()),
            s.optional("path", PoolReader::path, defaults.path()),
            s.find("canary", PoolReader::repository)));
  }

  private static ProbeSettings defaultProbe(boolean active, Backend backend) {
    Duration two = Duration.ofSeconds(2);
    Duration slowStart = Duration.ofSeconds(30);
    return new ProbeSettings(
        active, two, two, 3, 2, slowStart, backend.probePath(), Optional.empty());
  }

  static Duration duration(YamlValue value) {
    return value.parse(DurationFormat::parse, Duration.ofSeconds(1));
  }

  private static String path(YamlValue value) {
    if (!value.text().matches("/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")) {
      value.error("must be the path of a URL, such as /healthz");
    }
    return value.text();
  }

  private static String repository(YamlValue value) {
    if (!value.text().matches("[^/\\s]+(/[^/\\s]+)*")) {
      value.error("must be the path of a repository, such as packhorse/canary");
    }
    return value.text();
  }
}
