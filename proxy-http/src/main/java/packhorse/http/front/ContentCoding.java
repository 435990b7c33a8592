package packhorse.http.front;

import java.util.List;
import java.util.Locale;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;

/// The content coding of a request body (RFC 9110 §8.4). Reads it, and checks the Content-Type
/// (gitprotocol-http), from the headers of a request.
enum ContentCoding {
  IDENTITY,
  GZIP;

  /// @throws RefusalException for more than one coding, or an unsupported one
  static ContentCoding read(Headers headers) throws RefusalException {
    List<String> codings = headers.allValues("Content-Encoding");
    if (codings.isEmpty()) return IDENTITY;
    String coding = codings.getFirst().strip().toLowerCase(Locale.ROOT);
    if (codings.size() == 1) {
      if (coding.isEmpty() || coding.equals("identity")) return IDENTITY;
      if (coding.equals("gzip") || coding.equals("x-gzip")) return GZIP;
    }
    throw unsupported("Content-Encoding", codings);
  }

  /// @throws RefusalException if a POST to a service does not have the service's own type
  static void checkContentType(GitService service, GitRequest.Step step, Headers headers)
      throws RefusalException {
    if (step != GitRequest.Step.EXCHANGE) return;
    String expected = "application/x-" + service.serviceName() + "-request";
    List<String> types = headers.allValues("Content-Type");
    if (types.size() == 1 && types.getFirst().strip().equalsIgnoreCase(expected)) return;
    throw unsupported("Content-Type", types);
  }

  private static RefusalException unsupported(String header, List<String> values) {
    String value = PrintableText.of(String.join(", ", values));
    return new RefusalException(
        Refusal.of(
            Refusal.Kind.WRONG_TYPE,
            "the " + header + " '" + value + "' of the request is not supported here"));
  }
}
