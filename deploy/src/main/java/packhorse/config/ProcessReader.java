package packhorse.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Reads what concerns the process as a whole: limits, timeouts, state, log, audit.
record ProcessReader(Surroundings surroundings) {

  static Limits limits(Section s) {
    return new Limits(
        s.optional("push", ProcessReader::size, Optional.empty()),
        s.optional("connections", c -> c.number(1, 1_000_000), 20_000));
  }

  private static Optional<ByteSize> size(Cursor cursor) {
    return cursor.is("none")
        ? Optional.empty()
        : Optional.of(cursor.parsed(ByteSize::parse, new ByteSize(1)));
  }

  static Timeouts timeouts(Section s) {
    return new Timeouts(
        s.optional("login", PoolReader::time, Duration.ofSeconds(20)),
        s.optional("connect", PoolReader::time, Duration.ofSeconds(3)),
        s.optional("answer", PoolReader::time, Duration.ofMinutes(30)),
        s.optional("stall", PoolReader::time, Duration.ofMinutes(2)),
        s.optional("idle", PoolReader::time, Duration.ofMinutes(5)),
        s.optional("client", PoolReader::time, Duration.ofHours(1)),
        s.optional("drain", PoolReader::time, Duration.ofMinutes(10)));
  }

  StateSettings state(Section s) {
    return new StateSettings(
        s.optional(
            "directory", surroundings::path, surroundings.folder("STATE_DIRECTORY", "state")),
        s.find("key", c -> surroundings.secret(c, text -> {})));
  }

  static LogSettings log(Section s) {
    return new LogSettings(
        s.optional("level", c -> c.choice(LogSettings.Level.class), LogSettings.Level.INFO),
        s.optional("format", c -> c.choice(LogSettings.Format.class), LogSettings.Format.JSON),
        s.optional("to", c -> c.choice(LogSettings.Target.class), LogSettings.Target.STDOUT));
  }

  AuditSettings audit(Section s) {
    return new AuditSettings(s.required("file", surroundings::path, surroundings.folder()));
  }

  Path control(Section root) {
    return root.optional(
        "control",
        surroundings::path,
        surroundings.folder("RUNTIME_DIRECTORY", "").resolve("control.sock"));
  }
}
