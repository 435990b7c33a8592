package packhorse.it.kit.git;

import java.nio.file.Path;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// Keeps JGit from reading the home folder and the machine's configuration. JGit has one system
/// reader for the whole process; therefore [JGitClient] installs this one and never removes it.
final class TestSystemReader extends SystemReader.Delegate {
  private final Path folder;

  TestSystemReader(SystemReader delegate, Path folder) {
    super(delegate);
    this.folder = folder;
  }

  static synchronized void install(Path folder) {
    if (SystemReader.getInstance() instanceof TestSystemReader) return;
    SystemReader.setInstance(new TestSystemReader(SystemReader.getInstance(), folder));
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
    return new InMemoryConfig(null, folder, "user");
  }

  @Override
  public StoredConfig getJGitConfig() {
    return new InMemoryConfig(null, folder, "jgit");
  }

  @Override
  public StoredConfig getSystemConfig() {
    return new InMemoryConfig(null, folder, "system");
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new InMemoryConfig(parent, folder, "user");
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new InMemoryConfig(parent, folder, "jgit");
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new InMemoryConfig(parent, folder, "system");
  }

  /// A configuration that is neither read nor written. What JGit measures of the file system is
  /// kept in memory only.
  private static final class InMemoryConfig extends FileBasedConfig {
    InMemoryConfig(@Nullable Config parent, Path folder, String name) {
      super(parent, folder.resolve(name).toFile(), FS.DETECTED);
    }

    @Override
    public void load() throws ConfigInvalidException {
      clear();
    }

    @Override
    public void save() {
      // Nothing is written.
      clear();
    }
  }
}
