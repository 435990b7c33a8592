package packhorse.request;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import packhorse.wire.GitService;

/// The path of a web request. It is relayed byte for byte; what it names is judged by its decoded
/// form. Created by the HTTP front; immutable.
///
/// @param raw as received, from the slash at its beginning
/// @param decoded the path as the most generous reader understands it: decoded until nothing is
///   left to decode, with slashes for backslashes, without parameters (`;x=y`) and without empty
///   segments
public record WebPath(String raw, String decoded) {
  private static final int MAX_LENGTH = 8 * 1024;
  private static final int MAX_DECODINGS = 4;
  private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
  private static final Pattern SLASHES = Pattern.compile("[/\\\\]+");
  // Below any folder, because a node may have a repository there.
  private static final Pattern DUMB_FILE =
      Pattern.compile(
          ".*/(HEAD|objects/info/[^/]+|objects/[0-9a-fA-F]{2}/[0-9a-fA-F]+|objects/pack/[^/]+)",
          Pattern.DOTALL);
  private static final Pattern OTHER_FILE =
      Pattern.compile(
          ".*\\.git/(config|description|packed-refs|shallow|index|[A-Z_]+_HEAD"
              + "|(objects|refs|hooks|logs|info|branches|worktrees|modules)(/.*)?)",
          Pattern.DOTALL);

  /// Parses a path.
  ///
  /// @param raw the path as received, without the query
  /// @throws RefusalException with [Refusal.Kind#MALFORMED] for a path that is not absolute or
  ///   begins with two slashes, is longer than 8 KiB, has a control character, a backslash, a dot
  ///   segment, or a character that must be encoded in a URL, encoded or not, or is encoded more
  ///   than four times
  public static WebPath parse(String raw) throws RefusalException {
    if (!raw.startsWith("/")) throw malformed("is not absolute");
    // Many programs take what follows for the name of a host.
    if (raw.startsWith("//")) throw malformed("begins with two slashes");
    if (raw.length() > MAX_LENGTH) throw malformed("is too long");
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        throw malformed("has " + PrintableText.character(c) + ", which must be percent-encoded");
      }
    }
    String decoded = decodeFully(raw);
    if (decoded.chars().anyMatch(Character::isISOControl)) {
      throw malformed("has a control character");
    }
    String canonical = SLASHES.matcher(PARAMETERS.matcher(decoded).replaceAll("")).replaceAll("/");
    for (String segment : canonical.split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) throw malformed("has a dot segment");
    }
    return new WebPath(raw, canonical);
  }

  /// The segments of [#decoded].
  public List<String> segments() {
    return List.of(decoded.substring(1).split("/", -1));
  }

  /// [#decoded] in lower case, for names of which nodes may ignore the case: one character for each
  /// (Unicode's simple case mapping), because in that form more characters become ASCII letters.
  public String lowerCase() {
    var folded = new StringBuilder(decoded.length());
    decoded.codePoints().map(Character::toLowerCase).forEach(folded::appendCodePoint);
    return folded.toString();
  }

  /// Whether the path contains the name of a service or a file of git (gitrepository-layout), of
  /// the API of Git LFS, or of `info/refs`, in any spelling: a node could serve git for it, and not
  /// a page.
  public boolean namesGit() {
    return namesService() || namesDumbFile() || OTHER_FILE.matcher(decoded).matches();
  }

  /// Whether the path contains the name of a service of git, of the API of Git LFS, or of
  /// `info/refs`, in any spelling.
  public boolean namesService() {
    String lowerCase = lowerCase();
    for (GitService service : GitService.values()) {
      if (lowerCase.contains("/" + service.serviceName())) return true;
    }
    return lowerCase.contains("/info/refs")
        || lowerCase.contains("/info/lfs")
        || lowerCase.contains("/gitlab-lfs/");
  }

  /// Whether the path ends as that of a file of the dumb protocol (gitprotocol-http, "Dumb
  /// clients").
  public boolean namesDumbFile() {
    return DUMB_FILE.matcher(decoded).matches();
  }

  private static String decodeFully(String raw) throws RefusalException {
    String decoded = raw;
    for (int i = 0; i < MAX_DECODINGS; i++) {
      String next = decodeOnce(decoded);
      if (next.equals(decoded)) return decoded;
      decoded = next;
    }
    throw malformed("is percent-encoded several times over");
  }

  // An invalid encoding stays as it is.
  private static String decodeOnce(String text) {
    if (text.indexOf('%') < 0) return text;
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      int value = encoded[i] == '%' ? hexByte(encoded, i + 1) : -1;
      bytes.put(value < 0 ? encoded[i] : (byte) value);
      if (value >= 0) i += 2;
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  private static int hexByte(byte[] text, int index) {
    if (index + 1 >= text.length) return -1;
    int high = Character.digit(text[index], 16);
    int low = Character.digit(text[index + 1], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static RefusalException malformed(String problem) {
    return new RefusalException(Refusal.malformed("the path of the URL " + problem));
  }

  @Override
  public String toString() {
    return raw;
  }
}
