package packhorse.it.kit.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/// A bare repository on a node's disk, accessed directly and not through a proxy.
///
/// @param name without `.git`, `acme/app` for example
/// @param git runs in the repository's folder
public record Repository(String name, Path folder, GitRunner git) {
  /// Returns the repository's path in a URL, without the leading slash.
  public String path() {
    return name + ".git";
  }

  /// Returns all refs and the ids of the objects that they point to.
  public Map<String, String> refs() {
    var refs = new TreeMap<String, String>();
    for (String line : git.run("for-each-ref", "--format=%(refname) %(objectname)").lines()) {
      if (!line.isEmpty())
        refs.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
    }
    return refs;
  }

  /// Returns the id of the object that a revision names.
  public String id(String revision) {
    return git.id(revision);
  }

  /// Returns whether a revision exists.
  public boolean contains(String revision) {
    return git.run("rev-parse", "-q", "--verify", revision + "^{object}").succeeded();
  }

  /// Sets a key of the repository's configuration.
  public Repository config(String key, String value) {
    git.run("config", key, value).expectSuccess();
    return this;
  }

  /// Adds a commit to a branch.
  ///
  /// @return the commit's id
  public String commit(String branch, String file, String text) {
    try (var importer = FastImporter.open(this, true)) {
      importer.commit("refs/heads/" + branch, file, text);
    }
    return id("refs/heads/" + branch);
  }

  /// Points a branch or tag at another object.
  public void updateRef(String ref, String revision) {
    git.run("update-ref", ref, revision).expectSuccess();
  }

  /// Installs a hook.
  ///
  /// @param hookName `pre-receive`, for example
  /// @param script a shell script without its first line
  public Repository installHook(String hookName, String script) {
    Path file = folder.resolve("hooks").resolve(hookName);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Checks every object with `git fsck`.
  public void fsck() {
    git.run("fsck", "--strict", "--full").expectSuccess();
  }
}
