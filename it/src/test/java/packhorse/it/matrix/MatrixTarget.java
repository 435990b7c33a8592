package packhorse.it.matrix;

import java.util.EnumSet;
import java.util.Set;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repositories;

/// The server that the tests of a [ClientMatrix] run against: a node itself, or a proxy. For any
/// thread.
public interface MatrixTarget extends AutoCloseable {
  /// Returns the repositories. A new repository is served as soon as it exists.
  Repositories repositories();

  /// Returns the URL of a repository, `acme/app` for example.
  String url(GitTransport transport, String name);

  /// Returns a copy of `git` that is configured for a transport: its HTTP version, certificate, or
  /// key.
  GitRunner configure(GitTransport transport, GitRunner git);

  /// Returns the transports that this target supports.
  default Set<GitTransport> transports() {
    return EnumSet.allOf(GitTransport.class);
  }

  /// Returns the protocol version that is used when the client requests the version of `protocol`.
  default int effectiveVersion(ClientProtocol protocol) {
    return protocol.version();
  }

  /// Returns whether a test runs with a transport and protocol version.
  ///
  /// @param test the name of the test's method
  /// @param all whether every supported combination is tested, or a selection of them
  default boolean includes(String test, ClientProtocol protocol, boolean all) {
    return true;
  }

  /// Stops everything that runs for this target.
  @Override
  void close();
}
