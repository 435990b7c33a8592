package packhorse.it.kit;

import java.nio.file.Path;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// Keeps JGit away from the home folder and from the machine's configuration. JGit has one such
/// reader for the whole process, which is why [JGitClient] installs it and never takes it away.
final class PrivateReader extends SystemReader.Delegate {
  private final Path folder;

  PrivateReader(SystemReader machine, Path folder) {
    super(machine);
    this.folder = folder;
  }

  static synchronized void install(Path folder) {
    if (SystemReader.getInstance() instanceof PrivateReader) return;
    SystemReader.setInstance(new PrivateReader(SystemReader.getInstance(), folder));
  }

  @Override
  public @Nullable String getenv(String variable) {
    return switch (variable) {
      case "HOME", "XDG_CONFIG_HOME" -> folder.toString();
      case "GIT_CONFIG_NOSYSTEM" -> "1";
      case "PATH" -> super.getenv(variable);
      default -> null;
    };
  }

  @Override
  public StoredConfig getUserConfig() {
    return new Unwritten(null, folder, "user");
  }

  @Override
  public StoredConfig getJGitConfig() {
    return new Unwritten(null, folder, "jgit");
  }

  @Override
  public StoredConfig getSystemConfig() {
    return new Unwritten(null, folder, "system");
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Unwritten(parent, folder, "user");
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Unwritten(parent, folder, "jgit");
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Unwritten(parent, folder, "system");
  }

  /// A configuration that is empty and stays so on disk: what JGit measures of the file system is
  /// kept in memory.
  private static final class Unwritten extends FileBasedConfig {
    Unwritten(@Nullable Config parent, Path folder, String name) {
      super(parent, folder.resolve(name).toFile(), FS.DETECTED);
    }

    @Override
    public void load() throws ConfigInvalidException {
      clear();
    }

    @Override
    public void save() {
      // Nothing is kept.
      clear();
    }
  }
}
