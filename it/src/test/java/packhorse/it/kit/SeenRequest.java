package packhorse.it.kit;

import java.util.List;
import java.util.Map;

/// A request as a [PlainNode] heard it.
///
/// @param target path and query as they came, undecoded
/// @param headers in their order, with their names as they came
/// @param status 0 while there is no answer yet
/// @param bytesIn of the body, so far
/// @param bytesOut of the answer's body, so far
/// @param open whether the answer is still being made
public record SeenRequest(
    String method,
    String target,
    String version,
    List<Map.Entry<String, String>> headers,
    int status,
    long bytesIn,
    long bytesOut,
    boolean open) {

  /// The path as it came.
  public String path() {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }

  /// The query as it came, empty if there is none.
  public String query() {
    int mark = target.indexOf('?');
    return mark < 0 ? "" : target.substring(mark + 1);
  }

  /// All values of a header.
  public List<String> header(String name) {
    return headers.stream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Whether this asks for a pack of a fetch, or for refs over protocol v2.
  public boolean fetchPost() {
    return method.equals("POST") && path().endsWith("/git-upload-pack");
  }

  /// Whether this carries a push.
  public boolean pushPost() {
    return method.equals("POST") && path().endsWith("/git-receive-pack");
  }

  /// Whether this asks for an advertisement.
  public boolean advertisement() {
    return method.equals("GET") && path().endsWith("/info/refs");
  }
}
