package packhorse.demo;

import java.nio.file.Path;

/// Starts Packhorse for the demo. Whoever wires the command line says how.
@FunctionalInterface
public interface DemoProxy {
  /// Starts it on a configuration file. It serves when this returns, until what this returns is
  /// closed.
  ///
  /// @throws Exception when it cannot be started; the demo says so and ends
  AutoCloseable start(Path configuration) throws Exception;
}
