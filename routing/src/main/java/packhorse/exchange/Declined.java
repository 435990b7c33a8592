package packhorse.exchange;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import packhorse.node.NodeAnswer;
import packhorse.request.Printable;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Puts a node's status into words for a client that knows no HTTP.
final class Declined {
  private static final int LONGEST_REASON = 400;

  private Declined() {}

  /// @throws Refused unless the node answered 200
  static void unlessOk(Asked asked) throws Refused {
    NodeAnswer answer = asked.answer();
    if (answer.status() != 200) throw new Refused(refusal(answer));
  }

  static Refusal refusal(NodeAnswer answer) {
    int status = answer.status();
    String node = answer.node().name();
    String rule = "node \"" + node + "\": status " + status;
    if (status == 404) {
      Refusal unseen = Refusal.noSuchRepository();
      return new Refusal(unseen.kind(), unseen.sentence(), rule);
    }
    if (status == 401 || status == 403) {
      String said = said(answer);
      String words = said.isEmpty() ? "the node " + node + " does not allow it" : said;
      return new Refusal(Refusal.Kind.NOT_ALLOWED, words, rule);
    }
    if (status >= 300 && status < 400) return moved(answer, rule);
    String words = status + " " + Printable.of(answer.reason());
    return new Refusal(
        Refusal.Kind.NODE_FAILED, "the node " + node + " answered " + words.strip(), rule);
  }

  private static Refusal moved(NodeAnswer answer, String rule) {
    String path = answer.headers().first("Location").map(Declined::path).orElse("");
    String where = path.isEmpty() ? "" : " to '" + Printable.of(path) + "'";
    return new Refusal(Refusal.Kind.NOT_SERVED, "the repository has moved" + where, rule);
  }

  // where it is now, as one would write it behind our name
  private static String path(String location) {
    try {
      String path = URI.create(location).getPath();
      int service = path == null ? -1 : path.indexOf("/info/refs");
      return service < 0 ? "" : path.substring(0, service);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  // a node's own reason is better than ours, when it is one for people
  private static String said(NodeAnswer answer) {
    String type = answer.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith("text/plain")) return "";
    try {
      byte[] first = answer.body().readNBytes(LONGEST_REASON);
      return Printable.of(new String(first, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return "";
    }
  }
}
