package packhorse.config.check;

import java.nio.file.Files;
import java.nio.file.Path;
import packhorse.config.model.Settings;

/// Checks the paths that the proxy writes or creates when it starts. What exists must be usable. A
/// folder that is missing is only warned of where it could not be created: systemd may create it
/// before the start.
record PathChecks(Settings settings, ProblemCollector problems) {

  void check() {
    checkFolder("state.directory", settings.state().directory());
    checkParent("control", settings.controlSocket());
    settings.audit().ifPresent(audit -> checkFile("audit.file", audit.file()));
  }

  private void checkParent(String key, Path file) {
    Path parent = file.getParent();
    if (parent != null) checkFolder(key, parent);
  }

  private void checkFolder(String key, Path folder) {
    if (problems.hasErrorAt(key)) return;
    if (Files.isDirectory(folder)) {
      if (!Files.isWritable(folder)) problems.error(key, folder + " is not writable");
      return;
    }
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) existing = existing.getParent();
    if (!Files.isDirectory(existing)) {
      String failure = existing.equals(folder) ? "" : folder + " cannot be created: ";
      problems.error(key, failure + existing + " is not a folder");
    } else if (!Files.isWritable(existing)) {
      problems.warning(key, folder + " cannot be created: " + existing + " is not writable");
    }
  }

  private void checkFile(String key, Path file) {
    if (problems.hasErrorAt(key)) return;
    Path parent = file.getParent();
    if (Files.exists(file)) {
      if (!Files.isWritable(file)) problems.error(key, file + " is not writable");
    } else if (parent != null && !Files.exists(parent)) {
      problems.warning(key, file + " cannot be created: there is no folder " + parent);
    } else {
      checkParent(key, file);
    }
  }
}
