package packhorse.demo;

import java.nio.file.Path;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// JGit's view of a machine on which nobody configured git: no environment, no configuration files
/// of the user, of the system or of JGit itself, which would keep there what it measures of the
/// disk.
final class Isolated extends SystemReader.Delegate {
  Isolated(SystemReader machine) {
    super(machine);
  }

  @Override
  public @Nullable String getenv(String variable) {
    return variable.equals("PATH") ? super.getenv(variable) : null;
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new Nowhere(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new Nowhere(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new Nowhere(parent, fs);
  }

  /// A configuration without a file.
  private static final class Nowhere extends FileBasedConfig {
    Nowhere(@Nullable Config parent, FS fs) {
      super(parent, Path.of("nowhere").toFile(), fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
