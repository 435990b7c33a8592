package packhorse.http.front;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// The path of a file, split where the repository ends and the file begins. Whatever the proxy
/// decides about the repository must hold for the repository that the node opens, so the path is
/// split where `git http-backend` splits it: before the longest end that names a file of the dumb
/// protocol (gitprotocol-http, "Dumb clients"). Any other path is a page, of which only the node
/// knows to what it belongs.
///
/// @param repository without a slash at the end; the whole path of a page, or its beginning up to
///   the last segment that ends in `.git`
/// @param file without a slash at the beginning; empty if the path names only a repository
/// @param isPage whether this is not a file of the dumb protocol
record RepositoryFilePath(String repository, String file, boolean isPage) {
  private static final String OBJECT_NAME = "([0-9a-f]{40}|[0-9a-f]{64})";
  private static final Pattern DUMB_PROTOCOL =
      Pattern.compile(
          "(?<repository>/.+)/(?<file>HEAD|info/refs"
              + "|objects/info/(alternates|http-alternates|packs)"
              + "|objects/[0-9a-f]{2}/([0-9a-f]{38}|[0-9a-f]{62})"
              + ("|objects/pack/pack-" + OBJECT_NAME + "\\.(pack|idx))"));

  // Only these folders of a repository can have files with names of the dumb protocol that belong
  // to the repository itself, such as `logs/HEAD` or a branch `refs/heads/info/refs`.
  private static final Set<String> AMBIGUOUS_FOLDERS = Set.of("refs", "logs");

  /// Splits a decoded path.
  ///
  /// @throws RefusalException with [Refusal.Kind#MALFORMED] if the path names a file of the dumb
  ///   protocol, but could also be a ref or log of a repository further up
  static RepositoryFilePath split(String path) throws RefusalException {
    Matcher matcher = DUMB_PROTOCOL.matcher(path);
    if (!matcher.matches()) return page(path);
    String repository = matcher.group("repository");
    for (String segment : repository.split("/", -1)) {
      if (AMBIGUOUS_FOLDERS.contains(segment.toLowerCase(Locale.ROOT))) {
        throw new RefusalException(
            Refusal.malformed(
                "a repository below a folder named refs or logs is not served by the dumb"
                    + " protocol"));
      }
    }
    return new RepositoryFilePath(repository, matcher.group("file"), false);
  }

  private static RepositoryFilePath page(String path) {
    int dotGit = path.lastIndexOf(".git/");
    if (dotGit < 0) return new RepositoryFilePath(path, "", true);
    int slash = dotGit + ".git".length();
    return new RepositoryFilePath(path.substring(0, slash), path.substring(slash + 1), true);
  }
}
