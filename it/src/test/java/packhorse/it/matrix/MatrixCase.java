package packhorse.it.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;

/// What one test of the matrix works with: a repository, a client, and the protocol between the
/// client and the target.
record MatrixCase(
    MatrixTarget target, ClientProtocol protocol, Path folder, Repository repository) {
  /// Returns the URL of the repository.
  String url() {
    return target.url(protocol.transport(), repository.name());
  }

  /// Returns git in the test's folder.
  GitRunner git() {
    return target
        .configure(protocol.transport(), GitRunner.in(folder))
        .protocol(protocol.version());
  }

  /// Returns git in a clone.
  GitRunner git(String clone) {
    return git().at(clone);
  }

  /// Clones the repository into `work`.
  ///
  /// @return git in the clone
  GitRunner gitClone(String... options) {
    var argv = new ArrayList<>(List.of("clone", "-q"));
    argv.addAll(List.of(options));
    argv.addAll(List.of(url(), "work"));
    git().run(argv.toArray(String[]::new)).expectSuccess();
    return git("work");
  }

  /// Runs git with a trace file, `GIT_TRACE_PACKET` for example.
  ///
  /// @return the contents of the file
  String trace(String variable, String... command) {
    Path file = folder.resolve(variable);
    git().env(variable, file.toString()).run(command).expectSuccess();
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the refs of a clone below a prefix, named without it.
  static Map<String, String> refs(GitRunner clone, String prefix) {
    var refs = new TreeMap<String, String>();
    for (String line :
        clone.run("for-each-ref", "--format=%(refname) %(objectname)", prefix).lines()) {
      if (line.isEmpty() || line.contains("/HEAD ")) continue;
      refs.put(
          line.substring(prefix.length(), line.indexOf(' ')),
          line.substring(line.indexOf(' ') + 1));
    }
    return refs;
  }

  /// Returns the number of commits of a revision.
  static int commitCount(GitRunner clone, String revision) {
    return Integer.parseInt(clone.run("rev-list", "--count", revision).output());
  }

  /// Returns the number of lines of `.git/shallow`.
  static int shallowCount(GitRunner clone) {
    Path file = clone.directory().resolve(".git/shallow");
    try {
      return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
