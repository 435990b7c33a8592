package packhorse.config.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import packhorse.config.model.ByteSize;
import packhorse.config.model.LimitSettings;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.LogSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Reference;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.config.model.StateSettings;
import packhorse.config.model.TimeoutSettings;
import packhorse.config.model.UserSettings;
import packhorse.policy.CidrBlock;

/// Prints a whole configuration with its defaults, as an equivalent configuration file. In place of
/// a secret it prints the file or environment variable that contains it. Used by `packhorse check`.
public final class SettingsPrinter {
  private SettingsPrinter() {}

  /// Returns the configuration as YAML, with absolute paths, ending in a newline.
  public static String print(Settings settings) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("sites", entriesByName(settings.sites(), SiteSettings::name, SettingsPrinter::site));
    root.put(
        "listeners",
        entriesByName(settings.listeners(), ListenerSettings::name, SettingsPrinter::listener));
    root.put("control", settings.controlSocket().toString());
    root.put("pools", entriesByName(settings.pools(), PoolSettings::name, PoolPrinter::print));
    root.put("placement", settings.placement().stream().map(RulePrinter::printPlacement).toList());
    root.put("groups", settings.groups());
    root.put("users", entriesByName(settings.users(), UserSettings::name, SettingsPrinter::user));
    settings
        .policy()
        .ifPresent(
            rules -> root.put("policy", rules.stream().map(RulePrinter::printPolicy).toList()));
    root.put("limits", limits(settings.limits()));
    root.put("timeouts", timeouts(settings.timeouts()));
    root.put("state", state(settings.state()));
    root.put("log", log(settings.log()));
    settings.audit().ifPresent(a -> root.put("audit", Map.of("file", a.file().toString())));
    DumpSettings style =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setDereferenceAliases(true)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setWidth(1000)
            .build();
    return new Dump(style).dumpToString(root);
  }

  static <T> Map<String, Object> entriesByName(
      List<T> values, Function<T, String> name, Function<T, Object> print) {
    Map<String, Object> section = new LinkedHashMap<>();
    values.forEach(value -> section.put(name.apply(value), print.apply(value)));
    return section;
  }

  static List<String> strings(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  static List<String> cidrBlocks(List<CidrBlock> blocks) {
    return blocks.stream().map(CidrFormat::format).toList();
  }

  static Map<String, Object> printReference(Reference reference) {
    return switch (reference) {
      case Reference.InFile file -> Map.of("file", file.path().toString());
      case Reference.InEnvironment variable -> Map.of("env", variable.name());
    };
  }

  private static Object site(SiteSettings site) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("url", site.url().toString());
    site.ssh().ifPresent(address -> section.put("ssh", address.toString()));
    section.put("aliases", strings(site.aliases()));
    section.put("pool", site.pool());
    return section;
  }

  private static Object listener(ListenerSettings listener) {
    Map<String, Object> section = new LinkedHashMap<>();
    // Reserves the first position; the value is put below.
    section.put("protocol", "");
    section.put("address", listener.address().toString());
    if (!listener.allowFrom().isEmpty()) {
      section.put("allow-from", cidrBlocks(listener.allowFrom()));
    }
    String protocol =
        switch (listener) {
          case ListenerSettings.Http http -> {
            if (http.redirectToHttps()) {
              section.put("redirect", "https");
            }
            yield "http";
          }
          case ListenerSettings.Https https -> {
            section.put("certificate", https.certificate().toString());
            section.put("key", https.privateKey().toString());
            yield "https";
          }
          case ListenerSettings.Ssh ssh -> {
            section.put("host-keys", ssh.hostKeyFolder().toString());
            section.put("site", ssh.site());
            yield "ssh";
          }
          case ListenerSettings.Status status -> "status";
        };
    section.put("protocol", protocol);
    return section;
  }

  private static Object user(UserSettings user) {
    Map<String, Object> section = new LinkedHashMap<>();
    user.password()
        .ifPresent(secret -> section.put("password", printReference(secret.reference())));
    List<Object> keys = new ArrayList<>();
    user.keys().forEach(file -> keys.add(printReference(file.reference())));
    section.put("keys", keys);
    List<Object> tokens = new ArrayList<>();
    user.tokens().forEach(secret -> tokens.add(printReference(secret.reference())));
    section.put("tokens", tokens);
    return section;
  }

  private static Object limits(LimitSettings limits) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("push", limits.push().map(ByteSize::toString).orElse("none"));
    section.put("upload", limits.upload().map(ByteSize::toString).orElse("none"));
    section.put("connections", limits.connections());
    limits.logins().ifPresent(logins -> section.put("logins", logins(logins)));
    return section;
  }

  private static Object logins(LimitSettings.Logins logins) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("failures", logins.failures() + "/" + DurationFormat.format(logins.period()));
    section.put("exempt", cidrBlocks(logins.exempt()));
    return section;
  }

  private static Object timeouts(TimeoutSettings timeouts) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("login", DurationFormat.format(timeouts.login()));
    section.put("connect", DurationFormat.format(timeouts.connect()));
    section.put("answer", DurationFormat.format(timeouts.answer()));
    section.put("stall", DurationFormat.format(timeouts.stall()));
    section.put("idle", DurationFormat.format(timeouts.idle()));
    section.put("client", DurationFormat.format(timeouts.client()));
    section.put("tunnel", DurationFormat.format(timeouts.tunnel()));
    section.put("drain", DurationFormat.format(timeouts.drain()));
    return section;
  }

  private static Object state(StateSettings state) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("directory", state.directory().toString());
    List<Object> keys = new ArrayList<>();
    state.keys().forEach(secret -> keys.add(printReference(secret.reference())));
    if (!keys.isEmpty()) section.put("key", keys);
    return section;
  }

  private static Object log(LogSettings log) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("level", YamlValue.wordOf(log.level()));
    section.put("format", YamlValue.wordOf(log.format()));
    section.put("to", YamlValue.wordOf(log.destination()));
    return section;
  }
}
