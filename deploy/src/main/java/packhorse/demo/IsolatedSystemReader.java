package packhorse.demo;

import java.nio.file.Path;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// Hides the machine's git configuration from JGit: no environment variables but `PATH`, and no
/// configuration files of the user, of the system, or of JGit itself, which would store its file
/// system measurements there.
final class IsolatedSystemReader extends SystemReader.Delegate {
  IsolatedSystemReader(SystemReader delegate) {
    super(delegate);
  }

  @Override
  public @Nullable String getenv(String variable) {
    return variable.equals("PATH") ? super.getenv(variable) : null;
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  /// A configuration without entries, which is never loaded from a file nor saved to one.
  private static final class EmptyConfig extends FileBasedConfig {
    EmptyConfig(@Nullable Config parent, FS fs) {
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
