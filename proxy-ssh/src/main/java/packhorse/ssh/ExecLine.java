package packhorse.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.RepositoryPath;
import packhorse.wire.Service;

/// What a client wants executed: one of git's services on exactly one path, and nothing else. There
/// is no shell behind it.
///
/// @param repository the path as every front reads it
record ExecLine(Service service, RepositoryPath repository) {
  private static final int LONGEST = 4096;
  private static final String DASHED = "git-";
  private static final String SPACED = "git ";
  private static final List<String> LARGE_FILES =
      List.of("git-lfs-authenticate", "git-lfs-transfer");

  /// Reads `git-upload-pack 'path'` or `git upload-pack 'path'`, likewise for the other services.
  ///
  /// @throws Refused with {@link Refusal.Kind#NOT_SERVED} for another program, else {@link
  ///   Refusal.Kind#MALFORMED}
  static ExecLine parse(byte[] line) throws Refused {
    String text = decoded(line);
    String dashed = text.startsWith(SPACED) ? DASHED + text.substring(SPACED.length()) : text;
    int space = dashed.indexOf(' ');
    String verb = space < 0 ? dashed : dashed.substring(0, space);
    Optional<Service> service = Service.of(verb);
    if (service.isEmpty()) throw notServed(verb);
    String argument = space < 0 ? "" : dashed.substring(space + 1);
    String path =
        ShellWord.read(argument)
            .orElseThrow(() -> malformed("exactly one path in single quotes is expected"));
    return new ExecLine(service.get(), RepositoryPath.parse(path));
  }

  private static String decoded(byte[] line) throws Refused {
    if (line.length > LONGEST) throw malformed("it is longer than " + LONGEST + " bytes");
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("it is not UTF-8");
    }
  }

  private static Refused notServed(String verb) {
    return LARGE_FILES.contains(verb)
        ? new Refused(Refusal.notServed("large files (LFS) are not served here"))
        : new Refused(
            Refusal.notServed("there is no shell here, only git: clone, fetch, push and archive"));
  }

  private static Refused malformed(String why) {
    return new Refused(Refusal.malformed("the command is not git's: " + why));
  }
}
