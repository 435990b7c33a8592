package packhorse.exchange.call;

import java.nio.ByteBuffer;
import java.util.Optional;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.Request;

/// Adds the content type that a response of git's smart protocol must have (gitprotocol-http) and
/// that some servers leave out. Git refuses a response without it.
final class GitContentType {
  private static final int PKT_LENGTH_DIGITS = 4;

  private GitContentType() {}

  /// The headers of a response to this request, with git's content type if they have none and the
  /// response is git's.
  ///
  /// @param headers those that the client is to receive
  /// @throws NodeFailure if the node fails before the first byte of the body
  static Headers complete(Request request, NodeResponse response, Headers headers)
      throws NodeFailure {
    boolean missing = headers.firstValue("Content-Type").filter(type -> !type.isBlank()).isEmpty();
    if (response.status() != 200 || !missing || !(request instanceof GitRequest git)) {
      return headers;
    }
    Optional<String> type = expectedType(git, response.peek());
    return type.map(value ->
            headers.filter(line -> !line.hasName("Content-Type")).plus("Content-Type", value))
        .orElse(headers);
  }

  private static Optional<String> expectedType(GitRequest request, ByteBuffer start) {
    if (!startsWithPkt(start)) return Optional.empty();
    String service = "application/x-" + request.service().serviceName();
    return switch (request.step()) {
      case EXCHANGE -> Optional.of(service + "-result");
      case ADVERTISEMENT ->
          isAdvertisement(start) ? Optional.of(service + "-advertisement") : Optional.empty();
      case PREFLIGHT, CONVERSATION -> Optional.empty();
    };
  }

  // A server of the dumb protocol responds with the file `info/refs`, which begins with the name of
  // an object; its first digits could be the length of a pkt. An advertisement begins with
  // `# service` or `version`.
  private static boolean isAdvertisement(ByteBuffer start) {
    if (start.remaining() <= PKT_LENGTH_DIGITS) return false;
    char first = (char) start.get(start.position() + PKT_LENGTH_DIGITS);
    return first == '#' || first == 'v';
  }

  /// Whether these bytes begin as a pkt-line does, with four hexadecimal digits.
  static boolean startsWithPkt(ByteBuffer start) {
    if (start.remaining() < PKT_LENGTH_DIGITS) return false;
    for (int i = start.position(); i < start.position() + PKT_LENGTH_DIGITS; i++) {
      if (Character.digit(start.get(i), 16) < 0) return false;
    }
    return true;
  }
}
