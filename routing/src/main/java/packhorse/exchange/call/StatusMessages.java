package packhorse.exchange.call;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import packhorse.node.NodeResponse;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Turns the HTTP status of a node into a sentence for a client that does not speak HTTP.
public final class StatusMessages {
  private static final int MAX_REASON_BYTES = 400;

  private StatusMessages() {}

  /// Requires a successful response.
  ///
  /// @throws RefusalException unless the status is 200
  public static void requireOk(RoutedResponse response) throws RefusalException {
    if (!response.isOk()) throw new RefusalException(refusalFor(response.nodeResponse()));
  }

  /// The refusal that says what a status other than 200 means.
  public static Refusal refusalFor(NodeResponse response) {
    int status = response.status();
    String node = response.node().name();
    String rule = "node \"" + node + "\": status " + status;
    if (status == 404) {
      Refusal hidden = Refusal.noSuchRepository();
      return new Refusal(hidden.kind(), hidden.message(), rule);
    }
    if (status == 401 || status == 403) {
      String reason = plainTextBody(response);
      String message = reason.isEmpty() ? "the node " + node + " does not allow it" : reason;
      return new Refusal(Refusal.Kind.NOT_ALLOWED, message, rule);
    }
    if (status >= 300 && status < 400) return redirectRefusal(response, rule);
    String statusLine = status + " " + PrintableText.of(response.reason());
    return new Refusal(
        Refusal.Kind.NODE_FAILED, "the node " + node + " answered " + statusLine.strip(), rule);
  }

  private static Refusal redirectRefusal(NodeResponse response, String rule) {
    String path =
        response.headers().firstValue("Location").map(StatusMessages::repositoryPath).orElse("");
    String target = path.isEmpty() ? "" : " to '" + PrintableText.of(path) + "'";
    return new Refusal(Refusal.Kind.NOT_SERVED, "the repository has moved" + target, rule);
  }

  // the new path as a user would write it after the proxy's name
  private static String repositoryPath(String location) {
    try {
      String path = URI.create(location).getPath();
      int service = path == null ? -1 : path.indexOf("/info/refs");
      return service < 0 ? "" : path.substring(0, service);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  // A reason that the node gives for people is better than one of the proxy's.
  private static String plainTextBody(NodeResponse response) {
    String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith("text/plain")) return "";
    try {
      byte[] start = response.body().readNBytes(MAX_REASON_BYTES);
      return PrintableText.of(new String(start, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return "";
    }
  }
}
