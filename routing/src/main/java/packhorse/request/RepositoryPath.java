package packhorse.request;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The name of a repository as placement, policy and audit know it: segments joined by one slash,
/// no slash at the ends, no {@code .git}. Made by both fronts through {@link #parse}, so that a
/// name means the same over HTTP and SSH.
///
/// @param name the canonical name: {@code acme/app}
/// @param spelt the name as a node hears it: the client's, with {@code .git} where the client said
///   it
/// @param wiki whether it is the wiki of a repository; it has its repository's rights
public record RepositoryPath(String name, String spelt, boolean wiki) {
  private static final String SUFFIX = ".git";
  private static final String WIKI = ".wiki";
  private static final int LONGEST = 1024;
  private static final int DEEPEST = 32;
  // a colon names a stream or a drive to Windows and another machine to ssh, but not in a time
  private static final Pattern TIME = Pattern.compile("(?<=[0-9]):(?=[0-9])");
  private static final String FORBIDDEN = "\\:*?\"<>|;%#&'`$!{}()[]^";

  /// Reads a decoded path, with or without one leading and one trailing slash.
  ///
  /// @throws Refused with {@link Refusal.Kind#MALFORMED} for a path that two programs could
  ///   understand differently: empty, dot or dash-led segments, control characters, a second {@code
  ///   .git} or {@code .wiki}, what is not in Unicode's form KC, too long
  public static RepositoryPath parse(String decoded) throws Refused {
    String spelt = trimSlashes(decoded);
    if (spelt.isEmpty() || spelt.length() > LONGEST) throw malformed(decoded, "its length");
    String[] segments = spelt.split("/", -1);
    if (segments.length > DEEPEST) throw malformed(decoded, "its depth");
    for (String segment : segments) check(segment, decoded);
    for (int i = 0; i < segments.length - 1; i++) {
      // what lies inside a repository is the same repository under a name that no rule speaks of:
      // app.git/worktrees/x
      if (folded(segments[i]).endsWith(SUFFIX)) throw malformed(decoded, "a .git in its midst");
    }
    String bare = withoutSuffix(spelt);
    var path = new RepositoryPath(bare, spelt, isWiki(bare));
    String governing = path.governing();
    boolean twice = folded(governing).endsWith(SUFFIX) || (path.wiki() && isWiki(governing));
    if (governing.isEmpty() || twice) throw malformed(decoded, "its suffix");
    // "...git" would be named "..", "a .git" would end in a blank
    for (String name : List.of(path.name(), governing)) {
      check(name.substring(name.lastIndexOf('/') + 1), decoded);
    }
    return path;
  }

  private static boolean isWiki(String name) {
    return name.endsWith(WIKI) && !name.endsWith("/" + WIKI) && !name.equals(WIKI);
  }

  /// The name whose rights count: a wiki's is its repository's.
  public String governing() {
    return wiki ? name.substring(0, name.length() - WIKI.length()) : name;
  }

  @Override
  public String toString() {
    return name;
  }

  private static String trimSlashes(String path) {
    int from = path.startsWith("/") ? 1 : 0;
    int to = path.endsWith("/") && path.length() > from ? path.length() - 1 : path.length();
    return path.substring(from, to);
  }

  // a node finds one repository under "app", "app.git" and "app/.git": one name for all three
  private static String withoutSuffix(String path) {
    String bare = without(path, "/" + SUFFIX);
    return bare.equals(path) ? without(path, SUFFIX) : bare;
  }

  private static String without(String path, String suffix) {
    return path.endsWith(suffix) ? path.substring(0, path.length() - suffix.length()) : path;
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static void check(String segment, String path) throws Refused {
    if (segment.isEmpty()) throw malformed(path, "an empty part");
    if (segment.equals(".") || segment.equals("..")) throw malformed(path, "a dot part");
    if (segment.startsWith("-")) throw malformed(path, "a part that begins with a dash");
    if (segment.endsWith(" ") || segment.startsWith(" ") || segment.endsWith(".")) {
      throw malformed(path, "a part with a blank or a dot at its end");
    }
    String withoutTimes = segment.contains(":") ? TIME.matcher(segment).replaceAll("") : segment;
    if (!allowed(withoutTimes)) throw malformed(path, "a character");
    if (!Normalizer.isNormalized(segment, Normalizer.Form.NFKC))
      throw malformed(path, "a character");
  }

  private static boolean allowed(String text) {
    int next = 0;
    while (next < text.length()) {
      int c = text.codePointAt(next);
      if (!allowed(c)) return false;
      next += Character.charCount(c);
    }
    return true;
  }

  private static boolean allowed(int c) {
    if (c < 0x80) return c >= ' ' && c != 0x7f && FORBIDDEN.indexOf(c) < 0;
    return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static Refused malformed(String path, String what) {
    return new Refused(
        Refusal.malformed("the path '" + Printable.of(path) + "' is refused for " + what));
  }
}
