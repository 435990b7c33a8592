package packhorse.backend;

import java.util.List;
import java.util.Optional;
import packhorse.placement.Backend;

/// The kinds of pools that are implemented. Used where the configuration is read.
public final class Backends {
  /// Any software that serves git's smart protocol.
  public static final Backend PLAIN = new PlainBackend();

  private static final List<Backend> ALL = List.of(PLAIN, new GogsBackend());

  private Backends() {}

  /// Returns the kind with this name in the configuration; empty if there is none.
  public static Optional<Backend> find(String kind) {
    return ALL.stream().filter(backend -> backend.kind().equals(kind)).findFirst();
  }

  /// The names of all kinds.
  public static List<String> kinds() {
    return ALL.stream().map(Backend::kind).toList();
  }
}
