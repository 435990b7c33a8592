package packhorse.http;

import java.util.List;
import java.util.Locale;
import packhorse.request.GitRequest;
import packhorse.request.Headers;
import packhorse.request.Printable;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.Service;

/// What a request says of its body: its type (gitprotocol-http) and how it is packed (RFC 9110
/// §8.4). Pure.
enum ContentCoding {
  PLAIN,
  GZIP;

  /// @throws Refused for more than one coding, or one that we do not take off
  static ContentCoding read(Headers headers) throws Refused {
    List<String> codings = headers.all("Content-Encoding");
    if (codings.isEmpty()) return PLAIN;
    String coding = codings.getFirst().strip().toLowerCase(Locale.ROOT);
    if (codings.size() == 1) {
      if (coding.isEmpty() || coding.equals("identity")) return PLAIN;
      if (coding.equals("gzip") || coding.equals("x-gzip")) return GZIP;
    }
    throw wrong("the Content-Encoding '" + Printable.of(String.join(", ", codings)) + "'");
  }

  /// @throws Refused when a POST to a service is not of the service's own type
  static void checkType(Service service, GitRequest.Step step, Headers headers) throws Refused {
    if (step != GitRequest.Step.EXCHANGE) return;
    String due = "application/x-" + service.word() + "-request";
    List<String> types = headers.all("Content-Type");
    if (types.size() == 1 && types.getFirst().strip().equalsIgnoreCase(due)) return;
    throw wrong("the Content-Type '" + Printable.of(String.join(", ", types)) + "'");
  }

  private static Refused wrong(String what) {
    return new Refused(
        Refusal.of(Refusal.Kind.WRONG_TYPE, what + " of the request is not understood here"));
  }
}
