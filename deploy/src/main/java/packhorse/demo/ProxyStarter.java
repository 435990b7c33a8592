package packhorse.demo;

import java.nio.file.Path;

/// Starts the proxy for the demo. Implemented by `Main`, so that this package does not depend on
/// `packhorse.deploy`.
@FunctionalInterface
public interface ProxyStarter {
  /// Starts a proxy with a configuration file. It accepts connections when this returns.
  ///
  /// @return stops the proxy when it is closed
  /// @throws Exception when the proxy cannot be started; the demo then reports it and exits
  AutoCloseable start(Path configuration) throws Exception;
}
