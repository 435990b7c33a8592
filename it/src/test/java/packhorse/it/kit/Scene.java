package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What one test of the matrix works with: a repository of its own, a client, and the way between
/// them.
record Scene(Address address, Way way, Path folder, Repository repository) {
  String url() {
    return address.url(way.transport(), repository.name());
  }

  /// The client, in the test's folder.
  GitRunner git() {
    return address.equip(way.transport(), GitRunner.in(folder)).protocol(way.version());
  }

  /// The client in a clone.
  GitRunner git(String clone) {
    return git().at(clone);
  }

  /// Clones into `work`, and gives the client there.
  GitRunner cloned(String... options) {
    var argv = new java.util.ArrayList<>(java.util.List.of("clone", "-q"));
    argv.addAll(java.util.List.of(options));
    argv.addAll(java.util.List.of(url(), "work"));
    git().git(argv.toArray(String[]::new)).expectSuccess();
    return git("work");
  }

  /// What the client wrote to a trace file, `GIT_TRACE_PACKET` for example.
  String trace(String variable, String... command) {
    Path file = folder.resolve(variable);
    git().env(variable, file.toString()).git(command).expectSuccess();
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The refs below a prefix in a clone, named without it.
  static Map<String, String> refs(GitRunner clone, String prefix) {
    var refs = new TreeMap<String, String>();
    for (String line :
        clone.git("for-each-ref", "--format=%(refname) %(objectname)", prefix).lines()) {
      if (line.isEmpty() || line.contains("/HEAD ")) continue;
      refs.put(
          line.substring(prefix.length(), line.indexOf(' ')),
          line.substring(line.indexOf(' ') + 1));
    }
    return refs;
  }

  /// How many commits a revision has.
  static int commits(GitRunner clone, String revision) {
    return Integer.parseInt(clone.git("rev-list", "--count", revision).output());
  }

  /// The lines of `.git/shallow`.
  static int shallow(GitRunner clone) {
    Path file = clone.directory().resolve(".git/shallow");
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
