package packhorse.it.kit;

import java.util.EnumSet;
import java.util.Set;

/// Where the tests of a [ClientMatrix] find their repositories: at a node itself, or through a
/// proxy. For any thread.
public interface Address extends AutoCloseable {
  /// Where repositories are made; they are served as soon as they are there.
  Repositories repositories();

  /// The URL of a repository, `acme/app` for example.
  String url(Transport transport, String name);

  /// The same git with what it needs to get there: the HTTP version, a certificate, a key, a
  /// password.
  GitRunner equip(Transport transport, GitRunner git);

  /// What can be used here.
  default Set<Transport> transports() {
    return EnumSet.allOf(Transport.class);
  }

  /// The version that is spoken when the client asks for `way`.
  default int spoken(Way way) {
    return way.version();
  }

  /// Whether a behaviour (the name of a test of [ClientMatrix]) is to be tried this way.
  ///
  /// @param all whether every way is tried that can be had, or a choice
  default boolean serves(String behaviour, Way way, boolean all) {
    return true;
  }

  /// Stops all that runs for it.
  @Override
  void close();
}
