package packhorse.config.read;

import java.util.LinkedHashMap;
import java.util.Map;
import packhorse.config.model.ActAsSettings;
import packhorse.config.model.NodeSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.ProbeSettings;

/// Converts a pool to the section of YAML that [SettingsPrinter] prints: maps, lists and scalar
/// values under the keys of the configuration.
final class PoolPrinter {
  private PoolPrinter() {}

  static Object print(PoolSettings pool) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("kind", pool.backend().kind());
    section.put("storage", YamlValue.wordOf(pool.storage()));
    pool.primary().ifPresent(name -> section.put("primary", name));
    section.put(
        "nodes",
        SettingsPrinter.entriesByName(pool.nodes(), NodeSettings::name, PoolPrinter::node));
    pool.caFile().ifPresent(file -> section.put("ca", file.toString()));
    pool.knownHostsFile().ifPresent(file -> section.put("known-hosts", file.toString()));
    section.put("authentication", YamlValue.wordOf(pool.authentication()));
    section.put("dumb-http", pool.dumbHttp());
    section.put("offer-v2", pool.offerV2());
    section.put("act-as", actAs(pool.actAs()));
    section.put("plain-http", SettingsPrinter.cidrBlocks(pool.plainHttp()));
    section.put("probe", probe(pool.probe()));
    return section;
  }

  private static Object node(NodeSettings node) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("http", node.url().toString());
    section.put("weight", node.weight());
    return section;
  }

  private static Object actAs(ActAsSettings actAs) {
    return switch (actAs) {
      case ActAsSettings.ActAsNobody nobody -> "nobody";
      case ActAsSettings.ActAsHeader header -> Map.of("header", header.name());
      case ActAsSettings.ActAsServiceAccount account -> {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("user", account.user());
        section.put("password", SettingsPrinter.printReference(account.password().reference()));
        yield Map.of("basic", section);
      }
    };
  }

  private static Object probe(ProbeSettings probe) {
    if (!probe.active()) {
      return "none";
    }
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("interval", DurationFormat.format(probe.interval()));
    section.put("timeout", DurationFormat.format(probe.timeout()));
    section.put("down-after", probe.downAfter());
    section.put("up-after", probe.upAfter());
    section.put("slow-start", DurationFormat.format(probe.slowStart()));
    section.put("path", probe.path());
    probe.canary().ifPresent(repository -> section.put("canary", repository));
    return section;
  }
}
