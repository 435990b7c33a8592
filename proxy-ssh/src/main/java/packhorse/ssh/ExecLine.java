package packhorse.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.wire.GitService;

/// The command line of an exec request: one of git's services on exactly one path. No shell
/// interprets it, and everything else is refused.
///
/// @param repository the path, read as every front reads it
record ExecLine(GitService service, RepositoryPath repository) {
  private static final int MAX_LENGTH = 4096;
  private static final String DASHED_PREFIX = "git-";
  private static final String SPACED_PREFIX = "git ";
  private static final List<String> LFS_COMMANDS =
      List.of("git-lfs-authenticate", "git-lfs-transfer");

  /// Reads `git-upload-pack 'path'` or `git upload-pack 'path'`, and the same of the other
  /// services.
  ///
  /// @throws RefusalException with [Refusal.Kind#NOT_SERVED] for another program, else with
  ///   [Refusal.Kind#MALFORMED]
  static ExecLine parse(byte[] line) throws RefusalException {
    String text = decode(line);
    String dashed =
        text.startsWith(SPACED_PREFIX)
            ? DASHED_PREFIX + text.substring(SPACED_PREFIX.length())
            : text;
    int space = dashed.indexOf(' ');
    String program = space < 0 ? dashed : dashed.substring(0, space);
    Optional<GitService> service = GitService.of(program);
    if (service.isEmpty()) throw notServed(program);
    String argument = space < 0 ? "" : dashed.substring(space + 1);
    String path =
        ShellWord.parse(argument)
            .orElseThrow(() -> malformed("exactly one path in single quotes is expected"));
    return new ExecLine(service.get(), RepositoryPath.parse(path));
  }

  private static String decode(byte[] line) throws RefusalException {
    if (line.length > MAX_LENGTH) throw malformed("it is longer than " + MAX_LENGTH + " bytes");
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("it is not UTF-8");
    }
  }

  private static RefusalException notServed(String program) {
    return LFS_COMMANDS.contains(program)
        ? new RefusalException(Refusal.notServed("large files (LFS) are not served here"))
        : new RefusalException(
            Refusal.notServed("there is no shell here, only git: clone, fetch, push and archive"));
  }

  private static RefusalException malformed(String reason) {
    return new RefusalException(Refusal.malformed("the git command is not valid: " + reason));
  }
}
