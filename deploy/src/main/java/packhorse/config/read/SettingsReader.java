package packhorse.config.read;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import packhorse.config.check.ProblemCollector;
import packhorse.config.check.SettingsChecks;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.config.model.StateSettings;

/// Reads and checks a configuration file; the only way to obtain [Settings]. Reads the files that
/// the configuration refers to, makes no network requests and changes nothing. Any thread may call
/// it.
public final class SettingsReader {
  private SettingsReader() {}

  /// Reads a file, with the environment of this process for its references.
  ///
  /// @throws InvalidSettingsException with all problems of the file
  public static Settings read(Path file) throws InvalidSettingsException {
    return read(file, System.getenv());
  }

  /// Reads a file.
  ///
  /// @param environment the variables for `{ env: NAME }`, and systemd's `STATE_DIRECTORY` and
  ///   `RUNTIME_DIRECTORY`
  /// @throws InvalidSettingsException with all problems of the file
  public static Settings read(Path file, Map<String, String> environment)
      throws InvalidSettingsException {
    return read(file, environment, new ProblemCollector());
  }

  static Settings read(Path file, Map<String, String> environment, ProblemCollector problems)
      throws InvalidSettingsException {
    Optional<Settings> settings =
        YamlParser.parse(file, problems).map(root -> read(root, file, environment, problems));
    settings.ifPresent(s -> SettingsChecks.check(s, problems));
    if (settings.isEmpty() || problems.hasErrors()) {
      throw new InvalidSettingsException(file, problems.sorted());
    }
    return settings.get().withWarnings(problems.sorted());
  }

  /// Reads the path of the control socket and nothing else, for commands that talk to a running
  /// proxy: their user may not be allowed to read the proxy's secrets.
  ///
  /// @throws InvalidSettingsException if the file is not valid YAML, or `control` not a path
  public static Path readControlSocket(Path file, Map<String, String> environment)
      throws InvalidSettingsException {
    ProblemCollector problems = new ProblemCollector();
    ReferenceResolver resolver = new ReferenceResolver(folder(file), environment);
    Optional<Path> controlSocket =
        YamlParser.parse(file, problems)
            .map(root ->
                new YamlValue(root, "", "", root.getStartMark(), problems)
                    .partialSection(new ProcessSettingsReader(resolver)::readControlSocket));
    if (controlSocket.isEmpty() || problems.hasErrors()) {
      throw new InvalidSettingsException(file, problems.sorted());
    }
    return controlSocket.get();
  }

  private static Path folder(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return Optional.ofNullable(absolute.getParent()).orElse(absolute);
  }

  private static Settings read(
      Node root, Path file, Map<String, String> environment, ProblemCollector problems) {
    Path absolute = file.toAbsolutePath().normalize();
    ReferenceResolver resolver = new ReferenceResolver(folder(file), environment);
    problems.recordPosition("", root.getStartMark());
    return new YamlValue(root, "", "", root.getStartMark(), problems)
        .section(s -> readSettings(s, absolute, resolver));
  }

  private static Settings readSettings(Section root, Path file, ReferenceResolver resolver) {
    ProcessSettingsReader process = new ProcessSettingsReader(resolver);
    List<PoolSettings> pools = new PoolReader(resolver).read(root);
    List<SiteSettings> sites = SiteReader.read(root, pools);
    StateSettings state = optionalSection(root, "state", process::readState);
    return new Settings(
        file,
        sites,
        new ListenerReader(resolver, state.directory(), sites).read(root),
        process.readControlSocket(root),
        pools,
        RuleReader.readPlacement(root),
        RuleReader.readGroups(root),
        new UserReader(resolver).read(root),
        RuleReader.readPolicy(root),
        optionalSection(root, "limits", ProcessSettingsReader::readLimits),
        optionalSection(root, "timeouts", ProcessSettingsReader::readTimeouts),
        state,
        optionalSection(root, "log", ProcessSettingsReader::readLog),
        root.find("audit", c -> c.section(process::readAudit)),
        List.of());
  }

  /// Reads a section that may be absent because all its keys have defaults.
  private static <T> T optionalSection(Section root, String key, Function<Section, T> read) {
    return root.find(key, c -> c.section(read))
        .orElseGet(() -> read.apply(root.absentSection(key)));
  }
}
