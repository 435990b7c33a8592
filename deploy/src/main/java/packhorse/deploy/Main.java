package packhorse.deploy;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import packhorse.config.model.Settings;
import packhorse.config.read.InvalidSettingsException;
import packhorse.config.read.SettingsReader;
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

/// The command line: `packhorse COMMAND`. Each command is a class of its own, which throws
/// [CommandException] or [InvalidSettingsException] if it cannot continue.
@Command(
    name = "packhorse",
    description = "A smart proxy in front of several Git servers.",
    versionProvider = Version.class)
public final class Main implements Callable<Integer> {
  private static final String CARRIER_THREADS_PROPERTY = "jdk.virtualThreadScheduler.parallelism";

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] arguments) {
    limitCarrierThreads();
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    int exitCode = commandLine(System.in, out, err).execute(arguments);
    Logging.stop();
    System.exit(exitCode);
  }

  // Requests run on virtual threads, but selectors move packs too: with a carrier thread for each
  // processor, most steps of a request would wake one more thread than necessary.
  private static void limitCarrierThreads() {
    int carriers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    if (System.getProperty(CARRIER_THREADS_PROPERTY) == null) {
      System.setProperty(CARRIER_THREADS_PROPERTY, Integer.toString(carriers));
    }
  }

  /// Creates the whole command line on these streams.
  static CommandLine commandLine(InputStream in, PrintWriter out, PrintWriter err) {
    CommandSpec program = CommandSpec.forAnnotatedObject(new Main());
    program.addOption(
        option("-h", "--help", "Show this help and exit.")
            .usageHelp(true)
            .scopeType(ScopeType.INHERIT)
            .build());
    program.addOption(
        option("-V", "--version", "Show the version and exit.").versionHelp(true).build());
    CommandLine line = new CommandLine(program);
    commands(in).forEach(line::addSubcommand);
    line.setOut(out);
    line.setErr(err);
    line.setUsageHelpWidth(100);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Main::handleMisuse);
    line.setExecutionExceptionHandler(Main::handleFailure);
    listExitCodes(line, ExitCode.values());
    line.getSubcommands().forEach(Main::listExitCodes);
    return line;
  }

  private static OptionSpec.Builder option(String shortName, String longName, String description) {
    return OptionSpec.builder(shortName, longName).description(description);
  }

  private static AutoCloseable startForDemo(Path configuration)
      throws InvalidSettingsException, StartupException {
    Settings settings = SettingsReader.read(configuration);
    Logging.configure(settings.log());
    return Assembly.start(settings);
  }

  private static List<Object> commands(InputStream in) {
    SecureRandom random = new SecureRandom();
    return List.of(
        new DemoCommand(Main::startForDemo),
        new ServeCommand(),
        new CheckCommand(),
        new ExplainCommand(),
        new HashCommand(in, random),
        new TokenCommand(random));
  }

  /// Runs without a command, which is an error that lists the commands.
  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is required: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  private static void listExitCodes(String name, CommandLine command) {
    List<ExitCode> codes = new ArrayList<>(List.of(ExitCode.OK, ExitCode.FAILURE, ExitCode.USAGE));
    if (name.equals("serve")) codes.addAll(List.of(ExitCode.CANNOT_LISTEN, ExitCode.SIGNALLED));
    if (name.equals("explain")) codes.add(ExitCode.PROXY_UNREACHABLE);
    listExitCodes(command, codes.toArray(ExitCode[]::new));
  }

  /// Adds exit codes to the help of a command that does not list its own.
  private static void listExitCodes(CommandLine line, ExitCode... codes) {
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    if (usage.exitCodeList().isEmpty()) {
      usage.exitCodeListHeading("%nExit codes:%n");
      usage.exitCodeList(ExitCode.helpTable(codes));
    }
  }

  private static int handleMisuse(ParameterException misuse, String[] arguments) {
    CommandLine line = misuse.getCommandLine();
    line.getErr().println("packhorse: " + misuse.getMessage());
    line.getErr().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.number();
  }

  private static int handleFailure(Exception failure, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof InvalidSettingsException invalid) {
      invalid.problems().forEach(problem -> err.println(problem.format(invalid.file())));
      return ExitCode.USAGE.number();
    }
    if (failure instanceof CommandException failed) {
      err.println("packhorse: " + failed.getMessage());
      return failed.exitCode().number();
    }
    err.println("packhorse: " + failure);
    return ExitCode.FAILURE.number();
  }
}
