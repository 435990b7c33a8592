package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/// A bare repository on a node's disk, looked at from the inside.
///
/// @param name without `.git`, `acme/app` for example
/// @param folder where it is
public record Repository(String name, Path folder, GitRunner git) {
  /// Its path in a URL, without the slash in front.
  public String path() {
    return name + ".git";
  }

  /// All refs and the objects that they point to.
  public Map<String, String> refs() {
    var refs = new TreeMap<String, String>();
    for (String line : git.git("for-each-ref", "--format=%(refname) %(objectname)").lines()) {
      if (!line.isEmpty())
        refs.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
    }
    return refs;
  }

  /// The object that a revision names.
  public String id(String revision) {
    return git.id(revision);
  }

  /// Whether a revision exists here.
  public boolean has(String revision) {
    return git.git("rev-parse", "-q", "--verify", revision + "^{object}").succeeded();
  }

  /// Changes its configuration.
  public Repository set(String key, String value) {
    git.git("config", key, value).expectSuccess();
    return this;
  }

  /// Makes one more commit on a branch, past every proxy.
  ///
  /// @return its id
  public String commit(String branch, String file, String text) {
    try (var history = History.into(this, true)) {
      history.commit("refs/heads/" + branch, file, text);
    }
    return id("refs/heads/" + branch);
  }

  /// Points a branch or tag somewhere else, past every proxy.
  public void point(String ref, String revision) {
    git.git("update-ref", ref, revision).expectSuccess();
  }

  /// Installs a hook.
  public Repository hook(String kind, String script) {
    Path file = folder.resolve("hooks").resolve(kind);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "#!/bin/sh\n" + script + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Checks every object.
  public void fsck() {
    git.git("fsck", "--strict", "--full").expectSuccess();
  }
}
