package packhorse.deploy;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import packhorse.config.model.Settings;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsPrinter;
import packhorse.config.read.SettingsReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `packhorse check FILE`: prints what a configuration means, or all of its problems.
@Command(
    name = "check",
    description = {
      "Read a configuration and print what it means.",
      "The whole configuration is printed, with every default, and secrets as references. Warnings"
          + " go to standard error. If the file cannot be used, all its problems go to standard"
          + " error and nothing else is printed."
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The configuration, such as packhorse.yaml.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws InvalidSettingsException {
    Settings settings = SettingsReader.read(file);
    spec.commandLine().getOut().print(SettingsPrinter.print(settings));
    spec.commandLine().getOut().flush();
    settings.warnings().forEach(w -> spec.commandLine().getErr().println(w.format(file)));
    return ExitCode.OK.number();
  }
}
