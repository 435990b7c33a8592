package packhorse.http.front;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;

/// Rejects requests that Jetty accepts but that two programs could frame differently (RFC 9112
/// §6.1). Called before anything else of the request is read; a rejected request's connection is
/// closed. Stateless.
final class FramingCheck {
  /// Headers that describe the request itself. If Connection named one of them, the next hop would
  /// remove it (RFC 9110 §7.6.1).
  private static final Set<String> END_TO_END_HEADERS =
      Set.of(
          "authorization",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "git-protocol",
          "host",
          "transfer-encoding");

  private static final List<HttpHeader> CONNECTION_HEADERS =
      List.of(
          HttpHeader.CONNECTION,
          HttpHeader.KEEP_ALIVE,
          HttpHeader.PROXY_CONNECTION,
          HttpHeader.TRANSFER_ENCODING,
          HttpHeader.UPGRADE);

  private FramingCheck() {}

  /// @throws RefusalException for a transfer coding that is not exactly one `chunked`, or any in
  ///   HTTP/1.0; for a Connection header that names an end-to-end header; for a Content-Length that
  ///   is not a number; for a connection-specific header in HTTP/2
  static void check(Request request) throws RefusalException {
    HttpFields headers = request.getHeaders();
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (version.compareTo(HttpVersion.HTTP_2) < 0) {
      checkTransferCoding(headers, version);
    } else if (CONNECTION_HEADERS.stream().anyMatch(headers::contains)) {
      // RFC 9113 §8.2.2: such a request is malformed
      throw malformed("an HTTP/2 request must not have connection-specific headers");
    }
    for (String length : headers.getValuesList(HttpHeader.CONTENT_LENGTH)) {
      if (length.isEmpty() || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw malformed("the Content-Length of the request is not a number");
      }
    }
    for (String named : headers.getCSV(HttpHeader.CONNECTION, false)) {
      if (END_TO_END_HEADERS.contains(named.toLowerCase(Locale.ROOT))) {
        throw malformed("the Connection header names an end-to-end header of the request");
      }
    }
  }

  private static void checkTransferCoding(HttpFields headers, HttpVersion version)
      throws RefusalException {
    List<String> codings = headers.getValuesList(HttpHeader.TRANSFER_ENCODING);
    if (codings.isEmpty()) return;
    boolean beforeHttp11 = version.compareTo(HttpVersion.HTTP_1_1) < 0;
    if (beforeHttp11 || codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
      throw malformed("the Transfer-Encoding of the request is not supported");
    }
  }

  private static RefusalException malformed(String message) {
    return new RefusalException(Refusal.malformed(message));
  }
}
