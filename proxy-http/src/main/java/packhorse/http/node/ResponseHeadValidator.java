package packhorse.http.node;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.client.transport.HttpResponse;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/// Rejects response heads that two programs could read differently, and has a connection closed
/// after a response that more bytes followed or could follow. One for each connection; called by
/// [StrictHttp1Receiver] on the thread that parses.
///
/// A rejection is thrown as [HttpException.RuntimeException], which fails the exchange.
final class ResponseHeadValidator {
  private static final int MAX_INTERIM_RESPONSES = 16;

  private final RawResponseHead rawHead = new RawResponseHead();
  private int interimResponses;
  private HttpVersion version = HttpVersion.HTTP_1_1;

  /// A status line was read. Rejects a change of the protocol, which the proxy never requests, and
  /// a flood of interim responses.
  void onStatusLine(HttpVersion version, int status) {
    interimResponses = HttpStatus.isInterim(status) ? interimResponses + 1 : 0;
    boolean upgrade = status == HttpStatus.SWITCHING_PROTOCOLS_101;
    if (upgrade || interimResponses > MAX_INTERIM_RESPONSES) {
      throw invalid("unexpected status " + status);
    }
    this.version = version;
  }

  void onField() {
    rawHead.countField();
  }

  /// The buffer was read to its end and is about to be refilled.
  void onBufferRead(ByteBuffer buffer) {
    rawHead.retain(buffer);
  }

  /// The head was read; it ends at the buffer's position.
  void onHeadComplete(HttpResponse response, ByteBuffer buffer) {
    HttpFields fields = response.getHeaders();
    List<String> codings = fields.getValuesList(HttpHeader.TRANSFER_ENCODING);
    boolean chunked = codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
    boolean beforeHttp11 = version.compareTo(HttpVersion.HTTP_1_1) < 0;
    if (!codings.isEmpty() && (beforeHttp11 || !chunked)) {
      throw invalid("unsupported Transfer-Encoding");
    }
    boolean framed = !codings.isEmpty() || fields.contains(HttpHeader.CONTENT_LENGTH);
    switch (rawHead.finish(buffer)) {
      case STRICT -> {
        boolean bodiless = response.getStatus() == HttpStatus.NO_CONTENT_204;
        // The body that the head announces could still come.
        if (bodiless && framed) closeAfter(response);
      }
      case FORBIDDEN -> throw invalid("a folded header field");
      case LENIENT -> {
        if (framed) throw invalid("a line that ends without CR in a head that frames a body");
        response.headers(mutable -> replaceChallenges(mutable, rawHead.challenges()));
        closeAfter(response);
      }
      case MISMATCH -> closeAfter(response);
    }
  }

  /// A response was read to its end.
  ///
  /// @param response null if no request was waiting for it
  /// @param buffer at the end of the response
  void onMessageComplete(@Nullable HttpResponse response, ByteBuffer buffer) {
    if (response != null && buffer.hasRemaining() && !HttpStatus.isInterim(response.getStatus())) {
      closeAfter(response);
    }
    rawHead.start(buffer);
  }

  private static void replaceChallenges(HttpFields.Mutable fields, List<String> challenges) {
    Iterator<String> values = challenges.iterator();
    for (var field = fields.listIterator(); field.hasNext(); ) {
      HttpField challenge = field.next();
      if (challenge.getHeader() == HttpHeader.WWW_AUTHENTICATE && values.hasNext()) {
        field.set(new HttpField(challenge.getHeader(), challenge.getName(), values.next()));
      }
    }
  }

  // Jetty reads this field at the end of the exchange. It is not relayed to the client.
  private static void closeAfter(HttpResponse response) {
    response.headers(fields -> fields.add(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
  }

  private static HttpException.RuntimeException invalid(String reason) {
    return new HttpException.RuntimeException(HttpStatus.BAD_GATEWAY_502, reason);
  }
}
