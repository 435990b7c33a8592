package packhorse.deploy;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import packhorse.config.EffectiveSettings;
import packhorse.config.InvalidSettings;
import packhorse.config.Settings;
import packhorse.config.SettingsReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `packhorse check FILE`: what a configuration means, or everything that is wrong with it.
@Command(
    name = "check",
    description = {
      "Read a configuration and print what it means.",
      "It is printed whole, with every default, and secrets by reference only. Warnings go to"
          + " standard error; so do all problems of a file that cannot be used, and nothing else is"
          + " printed then."
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The configuration, such as packhorse.yaml.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws InvalidSettings {
    Settings settings = SettingsReader.read(file);
    spec.commandLine().getOut().print(EffectiveSettings.print(settings));
    spec.commandLine().getOut().flush();
    settings.warnings().forEach(w -> spec.commandLine().getErr().println(w.format(file)));
    return ExitCode.OK.number();
  }
}
