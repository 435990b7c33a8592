package packhorse.http.front;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import packhorse.request.LfsRequest.Call;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;

/// Recognizes requests of Git LFS, a client of its own that git starts for large files. It shows a
/// refusal to its user only if that is JSON. Stateless.
final class LargeFileRequest {
  /// The media type of the API of Git LFS.
  static final String MEDIA_TYPE = "application/vnd.git-lfs+json";

  // GitLab has its objects in a folder of their own.
  private static final Pattern PATH =
      Pattern.compile(
          "/(?<repository>.+?)/(?<file>(info/lfs|gitlab-lfs)/(?<rest>[^/].*))", Pattern.DOTALL);
  private static final List<Endpoint> ENDPOINTS =
      List.of(
          Endpoint.of("objects/batch", Map.of("POST", Call.BATCH)),
          Endpoint.of("(objects/)?(basic/)?verify", Map.of("POST", Call.VERIFY)),
          Endpoint.of(
              "objects/(basic/)?[0-9a-f]{64}(/[0-9]{1,19})?",
              Map.of("GET", Call.DOWNLOAD, "HEAD", Call.DOWNLOAD, "PUT", Call.UPLOAD)),
          Endpoint.of("locks", Map.of("GET", Call.LIST_LOCKS, "POST", Call.CHANGE_LOCKS)),
          Endpoint.of("locks/(verify|[^/]+/unlock)", Map.of("POST", Call.CHANGE_LOCKS)));

  private LargeFileRequest() {}

  /// Whether a decoded path is one of the API of Git LFS, in any spelling that a node could accept.
  static boolean isPath(String path) {
    String lowerCase = path.toLowerCase(Locale.ROOT);
    return lowerCase.contains("/info/lfs/") || lowerCase.endsWith("/objects/batch");
  }

  /// Reads the method and the path of a request of Git LFS.
  ///
  /// @param path the decoded path
  /// @return empty if it is none
  /// @throws RefusalException with [Refusal.Kind#WRONG_METHOD] if the path does not allow the
  ///   method
  static Optional<RequestTarget> read(String method, String path, Optional<String> query)
      throws RefusalException {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) return Optional.empty();
    String rest = matcher.group("rest");
    for (Endpoint endpoint : ENDPOINTS) {
      if (!endpoint.rest().matcher(rest).matches()) continue;
      Call call = endpoint.calls().get(method);
      if (call == null) {
        String allowed = String.join(", ", endpoint.calls().keySet());
        String message = "the method " + PrintableText.of(method) + " is not allowed for this path";
        throw new RefusalException(
            new Refusal(Refusal.Kind.WRONG_METHOD, message + "; use " + allowed, allowed));
      }
      RepositoryPath repository = RepositoryPath.parse(matcher.group("repository"));
      String file = matcher.group("file");
      return Optional.of(new RequestTarget.LfsTarget(repository, method, call, file, query));
    }
    return Optional.empty();
  }

  /// One path of the API.
  ///
  /// @param rest the path below `info/lfs/`
  /// @param calls what the methods do
  private record Endpoint(Pattern rest, Map<String, Call> calls) {
    static Endpoint of(String rest, Map<String, Call> calls) {
      return new Endpoint(Pattern.compile(rest), new TreeMap<>(calls));
    }
  }

  /// Whether a request was made by Git LFS, by its path or by the media types in its header. The
  /// path may be one that [GitUrl] refuses.
  static boolean matches(Request request) {
    String path = request.getHttpURI().getPath();
    HttpFields headers = request.getHeaders();
    return (path != null && isPath(path))
        || List.of(HttpHeader.ACCEPT, HttpHeader.CONTENT_TYPE).stream()
            .flatMap(name -> headers.getValuesList(name).stream())
            .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(MEDIA_TYPE));
  }
}
