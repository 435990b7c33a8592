package packhorse.config;

import java.util.LinkedHashMap;
import java.util.Map;

/// Prints a pool for [EffectiveSettings].
final class EffectivePool {
  private EffectivePool() {}

  static Object print(PoolSettings pool) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("kind", Cursor.word(pool.kind()));
    section.put("storage", Cursor.word(pool.storage()));
    pool.primary().ifPresent(name -> section.put("primary", name));
    section.put(
        "nodes", EffectiveSettings.named(pool.nodes(), NodeSettings::name, EffectivePool::node));
    pool.ca().ifPresent(file -> section.put("ca", file.toString()));
    pool.knownHosts().ifPresent(file -> section.put("known-hosts", file.toString()));
    section.put("authentication", Cursor.word(pool.authentication()));
    section.put("dumb-http", pool.dumbHttp());
    section.put("offer-v2", pool.offerV2());
    section.put("act-as", actAs(pool.actAs()));
    section.put("plain-http", EffectiveSettings.texts(pool.plainHttp()));
    section.put("probe", probe(pool.probe()));
    return section;
  }

  private static Object node(NodeSettings node) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("http", node.http().toString());
    section.put("weight", node.weight());
    return section;
  }

  private static Object actAs(ActAs actAs) {
    return switch (actAs) {
      case ActAs.Nobody nobody -> "nobody";
      case ActAs.Header header -> Map.of("header", header.name());
      case ActAs.Basic basic -> {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("user", basic.user());
        section.put("password", EffectiveSettings.reference(basic.password().from()));
        yield Map.of("basic", section);
      }
    };
  }

  private static Object probe(ProbeSettings probe) {
    if (!probe.active()) {
      return "none";
    }
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("interval", TimeText.print(probe.interval()));
    section.put("timeout", TimeText.print(probe.timeout()));
    section.put("down-after", probe.downAfter());
    section.put("up-after", probe.upAfter());
    section.put("slow-start", TimeText.print(probe.slowStart()));
    section.put("path", probe.path());
    probe.canary().ifPresent(repository -> section.put("canary", repository));
    return section;
  }
}
