package packhorse.http.front;

import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Recognizes requests of Git LFS, a client of its own that git starts for large files. It shows a
/// refusal to its user only if that is JSON. Stateless.
final class LargeFileRequest {
  /// The media type of the API of Git LFS.
  static final String MEDIA_TYPE = "application/vnd.git-lfs+json";

  private LargeFileRequest() {}

  /// Whether a decoded path is one of the API of Git LFS, in any spelling that a node could accept.
  static boolean isPath(String path) {
    String lowerCase = path.toLowerCase(Locale.ROOT);
    return lowerCase.contains("/info/lfs/") || lowerCase.endsWith("/objects/batch");
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
