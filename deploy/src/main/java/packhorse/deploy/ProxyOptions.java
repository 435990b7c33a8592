package packhorse.deploy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import packhorse.config.InvalidSettings;
import packhorse.config.SettingsReader;
import picocli.CommandLine.Option;

/// How a command finds the running proxy that it talks to.
final class ProxyOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration that the proxy runs with.")
  private @Nullable Path config;

  @Option(names = "--control", paramLabel = "SOCKET", description = "The proxy's control socket.")
  private @Nullable Path control;

  /// The control socket.
  Path socket() throws InvalidSettings, CommandFailed {
    if (control != null) return control;
    if (config != null) return SettingsReader.control(config, System.getenv());
    throw new CommandFailed(ExitCode.USAGE, "say --config FILE or --control SOCKET");
  }
}
