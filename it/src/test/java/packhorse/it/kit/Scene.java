package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one test of the matrix works with: a repository of its own, a client, and the way between
/// them.
record Scene(Address address, Way way, Path folder, Repository repository) {
  /// What `timeout` ends with when it had to stop its command.
  private static final int STOPPED = 124;

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
    var argv = new ArrayList<>(List.of("clone", "-q"));
    argv.addAll(List.of(options));
    argv.addAll(List.of(url(), "work"));
    git().git(argv.toArray(String[]::new)).expectSuccess();
    return git("work");
  }

  /// Runs a git that reads a list of thousands of refs. About once in ten times curl 7.88, come to
  /// HTTP/2 in clear by upgrade, waits on behind the last frame of a long answer, which it has
  /// read: Apache as well as anybody's. It is given some seconds then, and another try.
  Ran patiently(GitRunner git, String... arguments) {
    if (way.transport() != Transport.H2C) return git.git(arguments).expectSuccess();
    var argv = new ArrayList<>(List.of("timeout", "10"));
    argv.addAll(git.command(arguments).argv());
    Command command = git.program(argv.toArray(String[]::new));
    Ran ran = command.run();
    for (int again = 0; again < 5 && ran.exit() == STOPPED; again++) ran = command.run();
    return ran.expectSuccess();
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
