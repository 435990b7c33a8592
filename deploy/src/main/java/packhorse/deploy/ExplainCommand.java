package packhorse.deploy;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import packhorse.config.InvalidSettings;
import packhorse.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `packhorse explain ID`: asks the running proxy what it decided on a request, and why.
@Command(
    name = "explain",
    description = {
      "Tell who asked for what, which rule decided, and which node answered.",
      "The ID stands at the end of every refusal: (decision ID)."
    })
final class ExplainCommand implements Callable<Integer> {
  private static final String ERROR = "error: ";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ProxyOptions proxy = new ProxyOptions();

  @Parameters(paramLabel = "ID", description = "The id of a decision.")
  private String id = "";

  @Override
  public Integer call() throws InvalidSettings, CommandFailed {
    String answer = ask(proxy.socket());
    if (answer.startsWith(ERROR)) {
      throw new CommandFailed(ExitCode.FAILURE, answer.substring(ERROR.length()).strip());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(answer);
    out.flush();
    return ExitCode.OK.number();
  }

  private String ask(Path socket) throws CommandFailed {
    try {
      return ControlClient.ask(socket, "explain " + id);
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.NO_PROXY, "no proxy answers at " + socket + ": " + e.getMessage());
    }
  }
}
