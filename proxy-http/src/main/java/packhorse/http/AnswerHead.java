package packhorse.http;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import packhorse.node.NodeAnswer;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.Refusal;

/// Prepares the heads of answers to clients; nothing is sent here.
final class AnswerHead {
  private static final String REALM = "Basic realm=\"Packhorse\"";
  private static final String LATER_SECONDS = "5";

  private AnswerHead() {}

  /// A node's: status, reason, lines in their order; trailers when they have come.
  static void relayed(Request request, Response response, NodeAnswer answer, Headers headers) {
    response.setStatus(answer.status());
    if (!answer.reason().equals(HttpStatus.getMessage(answer.status()))) {
      reason(request, answer.reason());
    }
    HttpFields.Mutable lines = response.getHeaders();
    headers.forEach(line -> lines.add(field(line)));
    if (headers.first("Content-Length").isEmpty()) {
      response.setTrailersSupplier(() -> fields(answer.trailers()));
    }
  }

  /// One that we begin before a node has answered.
  static void ours(Response response, Headers headers) {
    response.setStatus(HttpStatus.OK_200);
    headers.forEach(line -> response.getHeaders().add(field(line)));
  }

  /// One of our refusals.
  ///
  /// @param closes whether the connection is good for nothing more
  static void refused(Response response, Refusal refusal, Words words, boolean closes) {
    response.setStatus(status(response.getRequest(), refusal, words));
    HttpFields.Mutable lines = response.getHeaders();
    lines.put(HttpHeader.CONTENT_TYPE, words.type());
    lines.put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (refusal.kind()) {
      case NO_CREDENTIAL, WRONG_CREDENTIAL -> lines.put(HttpHeader.WWW_AUTHENTICATE, REALM);
      case WRONG_METHOD -> lines.put(HttpHeader.ALLOW, refusal.rule());
      case MOVED ->
          lines.put(
              HttpHeader.LOCATION,
              refusal.rule()
                  + Objects.requireNonNullElse(
                      response.getRequest().getHttpURI().getPathQuery(), "/"));
      case BUSY, STOPPING -> lines.put(HttpHeader.RETRY_AFTER, LATER_SECONDS);
      default -> {}
    }
    boolean http1 =
        response.getRequest().getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_2)
            < 0;
    if (closes && http1) lines.put(HttpHeader.CONNECTION, "close");
  }

  // a method that changes something is repeated as it is where the site is, or not at all (RFC 9110
  // §15.4.9)
  private static int status(Request request, Refusal refusal, Words words) {
    boolean reads =
        HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    return refusal.kind() == Refusal.Kind.MOVED && reads
        ? HttpStatus.MOVED_PERMANENTLY_301
        : words.status();
  }

  // a length is what it says, never how it was spelt
  private static HttpField field(Header line) {
    boolean length = line.named("Content-Length");
    return length
        ? new HttpField.LongValueHttpField(
            HttpHeader.CONTENT_LENGTH, Long.parseLong(line.value().strip()))
        : new HttpField(line.name(), line.value());
  }

  private static HttpFields fields(Headers trailers) {
    HttpFields.Mutable fields = HttpFields.build();
    trailers.forEach(line -> fields.add(new HttpField(line.name(), line.value())));
    return fields;
  }

  // Jetty's response has no reason phrase of its own: it is put in where the head is written
  private static void reason(Request request, String reason) {
    request.addHttpStreamWrapper(stream ->
        new HttpStream.Wrapper(stream) {
          @Override
          public void send(
              MetaData.Request asked,
              MetaData.Response head,
              boolean last,
              ByteBuffer content,
              Callback callback) {
            super.send(asked, head == null ? null : with(head, reason), last, content, callback);
          }
        });
  }

  private static MetaData.Response with(MetaData.Response head, String reason) {
    return new MetaData.Response(
        head.getStatus(),
        reason,
        head.getHttpVersion(),
        head.getHttpFields(),
        head.getContentLength(),
        head.getTrailersSupplier());
  }
}
