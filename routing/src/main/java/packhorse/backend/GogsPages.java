package packhorse.backend;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import packhorse.placement.Backend.Page;
import packhorse.placement.RepositoryName;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.WebPath;
import packhorse.request.WebRequest;

/// The pages of Gogs and its API (the routes of Gogs 0.14): which of them are about a repository,
/// and which must not be reached. Immutable.
final class GogsPages {
  private static final ClosedPaths CLOSED = ClosedPaths.ofGogs();

  /// Names that Gogs does not give to an owner of repositories.
  private static final Set<String> NOT_OWNERS =
      Set.of(
          ("- explore create assets css img js less plugins debug raw install api avatar user org"
                  + " help stars issues pulls commits repo template admin new")
              .split(" "));

  /// The folders of a repository's pages that end in a path or a name of the repository's own, by
  /// the method of the request. Only they may have a name of git at their end.
  private static final Set<String> READ_FOLDERS =
      Set.of(
          "src", "raw", "commits", "compare", "archive", "wiki", "_edit", "_new", "_upload",
          "_delete");

  private static final Set<String> WRITE_FOLDERS =
      Set.of("_edit", "_new", "_upload", "_delete", "_preview", "compare");

  private static final Set<String> OF_USER = Set.of("followers", "following", "stars");
  private static final Set<String> STORED = Set.of("attachments", "avatars", "repo-avatars");
  private static final Set<String> CONTENTS = Set.of("archive", "raw");
  private static final Set<String> API_CONTENTS = Set.of("archive", "raw", "contents", "git");
  private static final List<String> API = List.of("api", "v1", "repos");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
  private static final int FOLDER = 2;

  Page pageOf(WebRequest request) throws RefusalException {
    WebPath path = request.path();
    CLOSED.check(path);
    if (ClosedPaths.HOOK_CALL.matcher(path.lowerCase()).matches()) {
      throw new RefusalException(
          Refusal.nodeSetting(
              "a hook of a node calls the proxy: set LOCAL_ROOT_URL, in the section [server] of"
                  + " the node's app.ini, to the node's own address"));
    }
    if (path.namesGit() && !isPageAboutGitsName(request)) {
      throw new RefusalException(
          path.namesService()
              ? Refusal.malformed(
                  "the path names a service of git, but this is not a request of git")
              : Refusal.notServed("the files of a repository are not served here"));
    }
    List<String> segments = path.segments();
    boolean isApi =
        segments.size() > API.size() && lowerCase(segments.subList(0, API.size())).equals(API);
    List<String> ofRepository = isApi ? segments.subList(API.size(), segments.size()) : segments;
    boolean hasTwo = ofRepository.size() > 1 && !ofRepository.get(1).isEmpty();
    boolean named = hasTwo && (isApi || isOwner(ofRepository.getFirst()));
    if (!named || (!isApi && isOfUser(segments))) return new Page(Optional.empty(), false);
    for (String part : ofRepository.subList(0, FOLDER)) {
      if (!NAME.matcher(part).matches()) {
        throw new RefusalException(
            Refusal.malformed("names of Gogs consist of letters, digits, '-', '_' and '.'"));
      }
    }
    RepositoryName name = nameOf(ofRepository.get(0), ofRepository.get(1));
    String folder = ofRepository.size() > FOLDER ? lowerCase(ofRepository.get(FOLDER)) : "";
    return new Page(Optional.of(name), (isApi ? API_CONTENTS : CONTENTS).contains(folder));
  }

  // Pages of a user or of an organisation, and files that are stored under a number.
  private static boolean isOfUser(List<String> segments) {
    String second = lowerCase(segments.get(1));
    if (segments.size() == FOLDER) {
      return OF_USER.contains(second) || STORED.contains(lowerCase(segments.getFirst()));
    }
    return segments.size() == FOLDER + 1 && second.equals("action");
  }

  // Judged by the path as it was received: Gogs compares the folders byte for byte.
  private static boolean isPageAboutGitsName(WebRequest request) {
    String[] raw = request.path().raw().split("/", -1);
    int folder = FOLDER + 1;
    if (raw.length <= folder + 1) return false;
    if (!NAME.matcher(raw[1]).matches() || !NAME.matcher(raw[2]).matches()) return false;
    if (!isOwner(raw[1])) return false;
    boolean read = request.isGetOrHead();
    return (read && READ_FOLDERS.contains(raw[folder]))
        || (request.method().equals("POST") && WRITE_FOLDERS.contains(raw[folder]));
  }

  private static boolean isOwner(String segment) {
    return !segment.isEmpty() && !NOT_OWNERS.contains(lowerCase(segment));
  }

  private static RepositoryName nameOf(String owner, String repository) {
    String main =
        lowerCase(owner) + "/" + lowerCase(repository).replaceFirst("(\\.wiki)?(\\.git)?$", "");
    return new RepositoryName(main, main, true);
  }

  private static List<String> lowerCase(List<String> segments) {
    return segments.stream().map(GogsPages::lowerCase).toList();
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
