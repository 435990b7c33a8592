package packhorse.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// What Jetty lets through and two programs could frame differently (RFC 9112 §6.1): refused before
/// anything else, and the connection is closed. Pure.
final class Framing {
  /// Lines that describe this request; naming one in Connection would have the next hop drop it
  /// (RFC 9110 §7.6.1).
  private static final Set<String> END_TO_END =
      Set.of(
          "authorization",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "git-protocol",
          "host",
          "transfer-encoding");

  private static final List<HttpHeader> OF_A_CONNECTION =
      List.of(
          HttpHeader.CONNECTION,
          HttpHeader.KEEP_ALIVE,
          HttpHeader.PROXY_CONNECTION,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.UPGRADE);

  private Framing() {}

  /// @param upgraded whether the request came by `Upgrade: h2c`
  /// @throws Refused for a transfer coding that is not exactly one `chunked`, or one in HTTP/1.0;
  ///   for a Connection line that names what belongs to the request
  static void check(Request request, boolean upgraded) throws Refused {
    HttpFields lines = request.getHeaders();
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (version.compareTo(HttpVersion.HTTP_2) < 0) {
      checkCoding(lines, version);
    } else if (OF_A_CONNECTION.stream().anyMatch(name -> forbidden(name, lines, upgraded))) {
      // RFC 9113 §8.2.2: a request with one of these is malformed
      throw malformed("HTTP/2 has no headers for a connection");
    }
    for (String length : lines.getValuesList(HttpHeader.CONTENT_LENGTH)) {
      if (length.isEmpty() || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw malformed("the Content-Length of the request is not a number");
      }
    }
    for (String named : lines.getCSV(HttpHeader.CONNECTION, false)) {
      if (END_TO_END.contains(named.toLowerCase(Locale.ROOT))) {
        throw malformed("the Connection header names what belongs to the request");
      }
    }
  }

  // the request that came by upgrade still has the lines that asked for it
  private static boolean forbidden(HttpHeader name, HttpFields lines, boolean upgraded) {
    boolean asking = name == HttpHeader.CONNECTION || name == HttpHeader.UPGRADE;
    return lines.contains(name) && !(upgraded && asking);
  }

  private static void checkCoding(HttpFields lines, HttpVersion version) throws Refused {
    List<String> codings = lines.getValuesList(HttpHeader.TRANSFER_ENCODING);
    if (codings.isEmpty()) return;
    boolean old = version.compareTo(HttpVersion.HTTP_1_1) < 0;
    if (old || codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
      throw malformed("the Transfer-Encoding of the request is not understood");
    }
  }

  private static Refused malformed(String sentence) {
    return new Refused(Refusal.malformed(sentence));
  }
}
