package packhorse.request;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The name of a repository as placement, policy and audit know it: segments joined by single
/// slashes, without a slash at either end and without `.git`. Both fronts create it by [#parse], so
/// a name has the same meaning over HTTP and SSH.
///
/// @param name the canonical name, such as `acme/app`
/// @param requestedPath the path as the client wrote it, less a leading and a trailing slash; nodes
///   are sent this path, with `.git` if the client wrote `.git`
/// @param isWiki whether this is the wiki of a repository; a wiki has the rights of its repository
public record RepositoryPath(String name, String requestedPath, boolean isWiki) {
  private static final String GIT_SUFFIX = ".git";
  private static final String WIKI_SUFFIX = ".wiki";
  private static final String WORKTREES = "worktrees";
  private static final int MAX_LENGTH = 1024;
  private static final int MAX_SEGMENTS = 32;
  // A colon separates a drive or a stream on Windows and a host in an scp-like address; it is
  // allowed between two digits only, as in a time of day.
  private static final Pattern TIME_COLON = Pattern.compile("(?<=[0-9]):(?=[0-9])");
  // What separates parts of a path or a URL for some program even after decoding (\ ? ; %), stands
  // for several names in a rule or on a command line (*), is not allowed in file names on Windows,
  // or is replaced by a shell even inside double quotes. Every other printable character reaches a
  // node in one way only, because the proxy percent-encodes the path anew.
  private static final String FORBIDDEN = "\\:*?\"<>|;%`$";

  /// Parses a decoded path. One leading and one trailing slash are ignored.
  ///
  /// @throws RefusalException with [Refusal.Kind#MALFORMED] for a path that two programs could
  ///   interpret differently: an empty segment, `.` or `..`, a segment that begins with a dash,
  ///   something below a `.git` or a `worktrees`, control characters, a second `.git` or `.wiki`,
  ///   text that is not in Unicode normalization form KC, a path of more than 1024 characters or 32
  ///   segments
  public static RepositoryPath parse(String decoded) throws RefusalException {
    String path = trimSlashes(decoded);
    if (path.isEmpty()) throw malformed(decoded, "it is empty");
    if (path.length() > MAX_LENGTH) throw malformed(decoded, "it is too long");
    String[] segments = path.split("/", -1);
    if (segments.length > MAX_SEGMENTS) throw malformed(decoded, "it has too many segments");
    for (String segment : segments) checkSegment(segment, decoded);
    for (int i = 0; i < segments.length - 1; i++) {
      // A path inside a repository, such as app.git/worktrees/x, opens the same repository under a
      // name that no rule mentions.
      if (lowerCase(segments[i]).endsWith(GIT_SUFFIX)) {
        throw malformed(decoded, "a segment before the last one ends in .git");
      }
      // The folder of a linked working tree opens the repository too, and a bare repository may
      // have a name without .git.
      if (lowerCase(segments[i]).equals(WORKTREES)) {
        throw malformed(decoded, "a segment before the last one is 'worktrees'");
      }
    }
    String name = withoutGitSuffix(path);
    var parsed = new RepositoryPath(name, path, hasWikiSuffix(name));
    String main = parsed.mainRepository();
    boolean repeatedSuffix =
        lowerCase(main).endsWith(GIT_SUFFIX) || (parsed.isWiki() && hasWikiSuffix(main));
    if (main.isEmpty() || repeatedSuffix) throw malformed(decoded, "its suffix is not allowed");
    // Without their suffixes, "...git" would be named ".." and "a .git" would end in a blank.
    for (String stripped : List.of(name, main)) {
      checkSegment(stripped.substring(stripped.lastIndexOf('/') + 1), decoded);
    }
    return parsed;
  }

  private static boolean hasWikiSuffix(String name) {
    return name.endsWith(WIKI_SUFFIX)
        && !name.endsWith("/" + WIKI_SUFFIX)
        && !name.equals(WIKI_SUFFIX);
  }

  /// The name that placement and policy rules are matched against: for a wiki that of its
  /// repository, else [#name].
  public String mainRepository() {
    return isWiki ? name.substring(0, name.length() - WIKI_SUFFIX.length()) : name;
  }

  @Override
  public String toString() {
    return name;
  }

  private static String trimSlashes(String path) {
    int start = path.startsWith("/") ? 1 : 0;
    int end = path.endsWith("/") && path.length() > start ? path.length() - 1 : path.length();
    return path.substring(start, end);
  }

  // A node opens the same repository for "app", "app.git" and "app/.git", so all three have one
  // name.
  private static String withoutGitSuffix(String path) {
    String bare = without(path, "/" + GIT_SUFFIX);
    return bare.equals(path) ? without(path, GIT_SUFFIX) : bare;
  }

  private static String without(String path, String suffix) {
    return path.endsWith(suffix) ? path.substring(0, path.length() - suffix.length()) : path;
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void checkSegment(String segment, String path) throws RefusalException {
    if (segment.isEmpty()) throw malformed(path, "a segment is empty");
    if (segment.equals(".") || segment.equals("..")) {
      throw malformed(path, "a segment is '.' or '..'");
    }
    if (segment.startsWith("-")) throw malformed(path, "a segment begins with a dash");
    if (segment.endsWith(" ") || segment.startsWith(" ") || segment.endsWith(".")) {
      throw malformed(path, "a segment begins or ends with a blank, or ends with a dot");
    }
    checkCharacters(segment, path);
  }

  private static void checkCharacters(String segment, String path) throws RefusalException {
    String withoutTimes =
        segment.contains(":") ? TIME_COLON.matcher(segment).replaceAll("") : segment;
    OptionalInt forbidden = withoutTimes.codePoints().filter(c -> !isAllowed(c)).findFirst();
    if (forbidden.isPresent()) {
      throw malformed(
          path, PrintableText.character(forbidden.getAsInt()) + " is not allowed in it");
    }
    if (!Normalizer.isNormalized(segment, Normalizer.Form.NFKC)) {
      throw malformed(
          path,
          "%s is not in Unicode normalization form KC"
              .formatted(PrintableText.character(firstNotNormalized(segment))));
    }
  }

  // A character that is normalized by itself can still combine with the one before it.
  private static int firstNotNormalized(String text) {
    return text.codePoints()
        .filter(c -> !Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFKC))
        .findFirst()
        .orElseGet(() ->
            text.codePoints()
                .filter(c -> Character.getType(c) == Character.NON_SPACING_MARK)
                .findFirst()
                .orElse(text.codePointAt(0)));
  }

  private static boolean isAllowed(int c) {
    if (c < 0x80) return c >= ' ' && c != 0x7f && FORBIDDEN.indexOf(c) < 0;
    return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static RefusalException malformed(String path, String reason) {
    return new RefusalException(Refusal.badPath(path, reason));
  }
}
