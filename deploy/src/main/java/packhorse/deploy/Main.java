package packhorse.deploy;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import packhorse.config.InvalidSettings;
import packhorse.config.Settings;
import packhorse.config.SettingsReader;
import packhorse.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command line: `packhorse COMMAND`. Commands are classes of their own, put together here;
/// each throws [CommandFailed] or [InvalidSettings] where it cannot go on.
@Command(
    name = "packhorse",
    description = "A smart proxy in front of several Git servers.",
    versionProvider = Version.class)
public final class Main implements Callable<Integer> {
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] arguments) {
    leaveOneProcessor();
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    System.exit(commandLine(System.in, out, err).execute(arguments));
  }

  // requests run on virtual threads, but selectors move packs, too: where each processor has a
  // carrier, most steps of a request wake one more thread than is needed
  private static void leaveOneProcessor() {
    int carriers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    if (System.getProperty(CARRIERS) == null) {
      System.setProperty(CARRIERS, Integer.toString(carriers));
    }
  }

  /// The whole command line, on these streams.
  static CommandLine commandLine(InputStream in, PrintWriter out, PrintWriter err) {
    CommandSpec program = CommandSpec.forAnnotatedObject(new Main());
    program.addOption(
        option("-h", "--help", "Show this text and end.")
            .usageHelp(true)
            .scopeType(ScopeType.INHERIT)
            .build());
    program.addOption(
        option("-V", "--version", "Show the version and end.").versionHelp(true).build());
    CommandLine line = new CommandLine(program);
    commands(in).forEach(line::addSubcommand);
    line.setOut(out);
    line.setErr(err);
    line.setUsageHelpWidth(100);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Main::misused);
    line.setExecutionExceptionHandler(Main::failed);
    exitCodes(line, ExitCode.values());
    line.getSubcommands().forEach(Main::exitCodes);
    return line;
  }

  private static OptionSpec.Builder option(String letter, String word, String description) {
    return OptionSpec.builder(letter, word).description(description);
  }

  private static AutoCloseable demonstrate(Path configuration)
      throws InvalidSettings, StartFailure {
    Settings settings = SettingsReader.read(configuration);
    Logging.configure(settings.log());
    return Assembly.start(settings);
  }

  private static List<Object> commands(InputStream in) {
    SecureRandom random = new SecureRandom();
    return List.of(
        new DemoCommand(Main::demonstrate),
        new ServeCommand(),
        new CheckCommand(),
        new ExplainCommand(),
        new HashCommand(in, random),
        new TokenCommand(random));
  }

  /// No command: says which there are.
  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "say a command: " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  private static void exitCodes(String name, CommandLine command) {
    List<ExitCode> codes = new ArrayList<>(List.of(ExitCode.OK, ExitCode.FAILURE, ExitCode.USAGE));
    if (name.equals("serve")) codes.addAll(List.of(ExitCode.LISTEN, ExitCode.SIGNALLED));
    if (name.equals("explain")) codes.add(ExitCode.NO_PROXY);
    exitCodes(command, codes.toArray(ExitCode[]::new));
  }

  /// Lists exit codes in the help of a command that does not list its own.
  private static void exitCodes(CommandLine line, ExitCode... codes) {
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    if (usage.exitCodeList().isEmpty()) {
      usage.exitCodeListHeading("%nExit codes:%n");
      usage.exitCodeList(ExitCode.list(codes));
    }
  }

  private static int misused(ParameterException misuse, String[] arguments) {
    CommandLine line = misuse.getCommandLine();
    line.getErr().println("packhorse: " + misuse.getMessage());
    line.getErr().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.number();
  }

  private static int failed(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof InvalidSettings invalid) {
      invalid.problems().forEach(problem -> err.println(problem.format(invalid.file())));
      return ExitCode.USAGE.number();
    }
    if (failure instanceof CommandFailed failed) {
      err.println("packhorse: " + failed.getMessage());
      return failed.code().number();
    }
    err.println("packhorse: " + failure);
    return ExitCode.FAILURE.number();
  }
}
