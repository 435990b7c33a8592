package packhorse.config.read;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.config.model.AuditSettings;
import packhorse.config.model.ByteSize;
import packhorse.config.model.LimitSettings;
import packhorse.config.model.LogSettings;
import packhorse.config.model.Secret;
import packhorse.config.model.StateSettings;
import packhorse.config.model.TimeoutSettings;

/// Reads the settings of the process as a whole: `limits`, `timeouts`, `state`, `log`, `audit` and
/// `control`, with the defaults of keys that are missing. An invalid value is reported as an error
/// of its key, and a placeholder is returned in its place.
///
/// @param resolver resolves paths, which are relative to the configuration file, and secrets
record ProcessSettingsReader(ReferenceResolver resolver) {

  private static final int MIN_KEY_LENGTH = 32;

  static LimitSettings readLimits(Section section) {
    return new LimitSettings(
        section.optional("push", ProcessSettingsReader::sizeOrNone, Optional.empty()),
        section.optional("upload", ProcessSettingsReader::sizeOrNone, Optional.empty()),
        section.optional("connections", v -> v.integer(1, 1_000_000), 20_000),
        section.find("logins", v -> v.section(ProcessSettingsReader::readLogins)));
  }

  private static LimitSettings.Logins readLogins(Section section) {
    var placeholder = new FailureRate(1, Duration.ofMinutes(1));
    FailureRate rate =
        section.required("failures", v -> v.parse(FailureRate::parse, placeholder), placeholder);
    return new LimitSettings.Logins(
        rate.failures(), rate.period(), section.list("exempt", ListenerReader::cidrBlock));
  }

  /// A number of failures in a period; in the configuration file `30/1m`.
  private record FailureRate(int failures, Duration period) {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})/(.+)");

    static FailureRate parse(String text) {
      Matcher m = FORM.matcher(text);
      if (!m.matches()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is not a number of failures in a period; use 30/1m");
      }
      return new FailureRate(Integer.parseInt(m.group(1)), DurationFormat.parse(m.group(2)));
    }
  }

  /// Reads a size; empty for `none`, which means no limit.
  private static Optional<ByteSize> sizeOrNone(YamlValue value) {
    return value.hasText("none")
        ? Optional.empty()
        : Optional.of(value.parse(ByteSize::parse, new ByteSize(1)));
  }

  static TimeoutSettings readTimeouts(Section section) {
    return new TimeoutSettings(
        section.optional("login", PoolReader::duration, Duration.ofSeconds(20)),
        section.optional("connect", PoolReader::duration, Duration.ofSeconds(3)),
        section.optional("answer", PoolReader::duration, Duration.ofMinutes(30)),
        section.optional("stall", PoolReader::duration, Duration.ofMinutes(2)),
        section.optional("idle", PoolReader::duration, Duration.ofMinutes(5)),
        section.optional("client", PoolReader::duration, Duration.ofHours(1)),
        section.optional("tunnel", PoolReader::duration, Duration.ofHours(1)),
        section.optional("drain", PoolReader::duration, Duration.ofMinutes(10)));
  }

  StateSettings readState(Section section) {
    return new StateSettings(
        section.optional("directory", resolver::path, resolver.folder("STATE_DIRECTORY", "state")),
        section.optional("key", v -> v.listOrOne(this::readStateKey), List.of()));
  }

  private Secret readStateKey(YamlValue value) {
    return resolver.readSecret(
        value,
        secret -> {
          if (secret.length() < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException(
                "is too short for a key; use " + MIN_KEY_LENGTH + " characters or more");
          }
        });
  }

  static LogSettings readLog(Section section) {
    return new LogSettings(
        section.optional("level", v -> v.choice(LogSettings.Level.class), LogSettings.Level.INFO),
        section.optional(
            "format", v -> v.choice(LogSettings.Format.class), LogSettings.Format.JSON),
        section.optional(
            "to", v -> v.choice(LogSettings.Destination.class), LogSettings.Destination.STDOUT));
  }

  AuditSettings readAudit(Section section) {
    return new AuditSettings(section.required("file", resolver::path, resolver.folder()));
  }

  /// Reads `control`, the path of the control socket.
  ///
  /// @param root the top level of the configuration file, which has this key
  Path readControlSocket(Section root) {
    return root.optional(
        "control",
        resolver::path,
        resolver.folder("RUNTIME_DIRECTORY", "").resolve("control.sock"));
  }
}
