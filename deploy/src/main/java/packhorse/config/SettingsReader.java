package packhorse.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads and checks a configuration file: the only way to [Settings]. Reads the files that it
/// refers to, asks no network and changes nothing. Any thread may call it.
public final class SettingsReader {
  private SettingsReader() {}

  /// Reads a file; its references to the environment mean this process's.
  ///
  /// @throws InvalidSettings with everything that is wrong with it
  public static Settings read(Path file) throws InvalidSettings {
    return read(file, System.getenv());
  }

  /// Reads a file.
  ///
  /// @param environment for `{ env: NAME }`, and systemd's `STATE_DIRECTORY` and
  ///   `RUNTIME_DIRECTORY`
  /// @throws InvalidSettings with everything that is wrong with it
  public static Settings read(Path file, Map<String, String> environment) throws InvalidSettings {
    return read(file, environment, new Problems());
  }

  static Settings read(Path file, Map<String, String> environment, Problems problems)
      throws InvalidSettings {
    Optional<Settings> settings =
        YamlText.read(file, problems).map(root -> read(root, file, environment, problems));
    settings.ifPresent(s -> SettingsChecks.check(s, problems));
    if (settings.isEmpty() || problems.anyError()) {
      throw new InvalidSettings(file, problems.sorted());
    }
    return settings.get().warned(problems.sorted());
  }

  /// Reads nothing but where the control socket is: for commands that talk to a running proxy,
  /// whose caller may not be allowed to read its secrets.
  ///
  /// @throws InvalidSettings where the file is no YAML, or `control` no path
  public static Path control(Path file, Map<String, String> environment) throws InvalidSettings {
    Problems problems = new Problems();
    Surroundings surroundings = new Surroundings(folder(file), environment);
    Optional<Path> control =
        YamlText.read(file, problems)
            .map(root ->
                new Cursor(root, "", "", root.getStartMark(), problems)
                    .part(new ProcessReader(surroundings)::control));
    if (control.isEmpty() || problems.anyError()) {
      throw new InvalidSettings(file, problems.sorted());
    }
    return control.get();
  }

  private static Path folder(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return Optional.ofNullable(absolute.getParent()).orElse(absolute);
  }

  private static Settings read(
      Node root, Path file, Map<String, String> environment, Problems problems) {
    Path absolute = file.toAbsolutePath().normalize();
    Surroundings surroundings = new Surroundings(folder(file), environment);
    problems.remember("", root.getStartMark());
    return new Cursor(root, "", "", root.getStartMark(), problems)
        .section(s -> settings(s, absolute, surroundings));
  }

  private static Settings settings(Section root, Path file, Surroundings surroundings) {
    ProcessReader process = new ProcessReader(surroundings);
    List<PoolSettings> pools = new PoolReader(surroundings).read(root);
    List<SiteSettings> sites = SiteReader.read(root, pools);
    StateSettings state = part(root, "state", process::state);
    return new Settings(
        file,
        sites,
        new ListenerReader(surroundings, state.directory(), sites).read(root),
        process.control(root),
        pools,
        RuleReader.placement(root),
        RuleReader.groups(root),
        new UserReader(surroundings).read(root),
        RuleReader.policy(root),
        part(root, "limits", ProcessReader::limits),
        part(root, "timeouts", ProcessReader::timeouts),
        state,
        part(root, "log", ProcessReader::log),
        root.find("audit", c -> c.section(process::audit)),
        List.of());
  }

  /// A section that need not be there and whose keys all have defaults.
  private static <T> T part(Section root, String key, Function<Section, T> read) {
    return root.find(key, c -> c.section(read)).orElseGet(() -> read.apply(root.empty(key)));
  }
}
