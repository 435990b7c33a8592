package packhorse.deploy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsReader;
import picocli.CommandLine.Option;

/// The options by which a command finds the control socket of the running proxy.
final class ControlSocketOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of the running proxy.")
  private @Nullable Path config;

  @Option(names = "--control", paramLabel = "SOCKET", description = "The proxy's control socket.")
  private @Nullable Path control;

  /// Returns the path of the control socket.
  Path socket() throws InvalidSettingsException, CommandException {
    if (control != null) return control;
    if (config != null) return SettingsReader.readControlSocket(config, System.getenv());
    throw new CommandException(ExitCode.USAGE, "--config FILE or --control SOCKET is required");
  }
}
