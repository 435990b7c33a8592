package packhorse.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Prints a whole configuration with its defaults, as a file that means the same. Secrets are shown
/// by reference only. Used by `packhorse check`.
public final class EffectiveSettings {
  private EffectiveSettings() {}

  /// The configuration as YAML, paths absolute, ending in a newline.
  public static String print(Settings settings) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("sites", named(settings.sites(), SiteSettings::name, EffectiveSettings::site));
    root.put(
        "listeners",
        named(settings.listeners(), ListenerSettings::name, EffectiveSettings::listener));
    root.put("control", settings.control().toString());
    root.put("pools", named(settings.pools(), PoolSettings::name, EffectivePool::print));
    root.put("placement", settings.placement().stream().map(EffectiveRules::placement).toList());
    root.put("groups", settings.groups());
    root.put("users", named(settings.users(), UserSettings::name, EffectiveSettings::user));
    settings
        .policy()
        .ifPresent(
            rules -> root.put("policy", rules.stream().map(EffectiveRules::policy).toList()));
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

  static <T> Map<String, Object> named(
      List<T> all, Function<T, String> name, Function<T, Object> print) {
    Map<String, Object> result = new LinkedHashMap<>();
    all.forEach(one -> result.put(name.apply(one), print.apply(one)));
    return result;
  }

  static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  static Map<String, Object> reference(Reference from) {
    return switch (from) {
      case Reference.InFile file -> Map.of("file", file.path().toString());
      case Reference.InEnvironment variable -> Map.of("env", variable.name());
    };
  }

  private static Object site(SiteSettings site) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("url", site.url().toString());
    site.ssh().ifPresent(address -> section.put("ssh", address.toString()));
    section.put("aliases", texts(site.aliases()));
    section.put("pool", site.pool());
    return section;
  }

  private static Object listener(ListenerSettings listener) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("protocol", "");
    section.put("address", listener.address().toString());
    if (!listener.allowFrom().isEmpty()) {
      section.put("allow-from", texts(listener.allowFrom()));
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
            section.put("key", https.key().toString());
            yield "https";
          }
          case ListenerSettings.Ssh ssh -> {
            section.put("host-keys", ssh.hostKeys().toString());
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
    user.password().ifPresent(secret -> section.put("password", reference(secret.from())));
    List<Object> keys = new ArrayList<>();
    user.keys().forEach(key -> keys.add(reference(key.from())));
    section.put("keys", keys);
    List<Object> tokens = new ArrayList<>();
    user.tokens().forEach(secret -> tokens.add(reference(secret.from())));
    section.put("tokens", tokens);
    return section;
  }

  private static Object limits(Limits limits) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("push", limits.push().map(ByteSize::toString).orElse("none"));
    section.put("connections", limits.connections());
    return section;
  }

  private static Object timeouts(Timeouts timeouts) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("login", TimeText.print(timeouts.login()));
    section.put("connect", TimeText.print(timeouts.connect()));
    section.put("answer", TimeText.print(timeouts.answer()));
    section.put("stall", TimeText.print(timeouts.stall()));
    section.put("idle", TimeText.print(timeouts.idle()));
    section.put("client", TimeText.print(timeouts.client()));
    section.put("drain", TimeText.print(timeouts.drain()));
    return section;
  }

  private static Object state(StateSettings state) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("directory", state.directory().toString());
    Optional<Secret> key = state.key();
    key.ifPresent(secret -> section.put("key", reference(secret.from())));
    return section;
  }

  private static Object log(LogSettings log) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("level", Cursor.word(log.level()));
    section.put("format", Cursor.word(log.format()));
    section.put("to", Cursor.word(log.to()));
    return section;
  }
}
