package packhorse.it.kit.node;

import java.util.List;
import java.util.Map;

/// A request that a [PlainNode] has received.
///
/// @param target path and query as they were received, not decoded
/// @param version the HTTP version
/// @param headers in their order, with their names as they were received
/// @param status the response's status code, 0 while there is none
/// @param requestBytes the bytes of the request's body that were read so far
/// @param responseBytes the bytes of the response's body that were sent so far
/// @param inProgress whether the response is not complete yet
public record RecordedRequest(
    String method,
    String target,
    String version,
    List<Map.Entry<String, String>> headers,
    int status,
    long requestBytes,
    long responseBytes,
    boolean inProgress) {

  /// Returns the path as it was received.
  public String path() {
    int questionMark = target.indexOf('?');
    return questionMark < 0 ? target : target.substring(0, questionMark);
  }

  /// Returns the query as it was received, empty if there is none.
  public String query() {
    int questionMark = target.indexOf('?');
    return questionMark < 0 ? "" : target.substring(questionMark + 1);
  }

  /// Returns all values of a header.
  public List<String> header(String name) {
    return headers.stream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Returns whether this is a POST to `git-upload-pack`: a fetch, or a list of refs in protocol
  /// v2.
  public boolean isUploadPackPost() {
    return method.equals("POST") && path().endsWith("/git-upload-pack");
  }

  /// Returns whether this is a POST to `git-receive-pack`: a push.
  public boolean isReceivePackPost() {
    return method.equals("POST") && path().endsWith("/git-receive-pack");
  }

  /// Returns whether this is a request for a ref advertisement.
  public boolean isAdvertisement() {
    return method.equals("GET") && path().endsWith("/info/refs");
  }
}
