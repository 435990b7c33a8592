package packhorse.deploy;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import packhorse.config.read.InvalidSettingsException;
import packhorse.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `packhorse explain ID`: asks the running proxy how it decided on a request, and why.
@Command(
    name = "explain",
    description = {
      "Show who requested what, which rule decided, and which node responded.",
      "The ID is at the end of every refusal: (decision ID)."
    })
final class ExplainCommand implements Callable<Integer> {
  private static final String ERROR_PREFIX = "error: ";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ControlSocketOptions options = new ControlSocketOptions();

  @Parameters(paramLabel = "ID", description = "The ID of a decision.")
  private String id = "";

  @Override
  public Integer call() throws InvalidSettingsException, CommandException {
    String response = explain(options.socket());
    if (response.startsWith(ERROR_PREFIX)) {
      throw new CommandException(
          ExitCode.FAILURE, response.substring(ERROR_PREFIX.length()).strip());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(response);
    out.flush();
    return ExitCode.OK.number();
  }

  private String explain(Path socket) throws CommandException {
    try {
      return ControlClient.send(socket, "explain " + id);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.PROXY_UNREACHABLE, "no proxy answers at " + socket + ": " + e.getMessage());
    }
  }
}
