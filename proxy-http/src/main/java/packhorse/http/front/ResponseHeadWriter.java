package packhorse.http.front;

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
import packhorse.http.io.JettyHeaders;
import packhorse.node.NodeResponse;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.Refusal;

/// Sets the status, reason phrase and header fields of a response to a client. It only prepares
/// Jetty's response; the callers send it. Called on the thread of the request.
final class ResponseHeadWriter {
  private static final String BASIC_CHALLENGE = "Basic realm=\"Packhorse\"";
  private static final String RETRY_AFTER_SECONDS = "5";

  private ResponseHeadWriter() {}

  /// Prepares the relay of a node's response: sets its status and reason phrase and the given
  /// header fields, and copies its trailers once the body has ended.
  ///
  /// @param headers the fields to send, in this order; they replace those of the node's response
  static void writeResponse(
      Request request, Response response, NodeResponse nodeResponse, Headers headers) {
    response.setStatus(nodeResponse.status());
    if (!nodeResponse.reason().equals(HttpStatus.getMessage(nodeResponse.status()))) {
      setReason(request, nodeResponse.status(), nodeResponse.reason());
    }
    HttpFields.Mutable fields = response.getHeaders();
    headers.forEach(header -> fields.add(field(header)));
    // In HTTP/1.1 only a chunked body, which has no Content-Length, can have trailers.
    if (headers.firstValue("Content-Length").isEmpty()) {
      response.setTrailersSupplier(() -> JettyHeaders.toJetty(nodeResponse.trailers()));
    }
  }

  /// Sets the head of a response that the proxy begins before a node has responded.
  static void writeEarlyResponse(Response response, Headers headers) {
    response.setStatus(HttpStatus.OK_200);
    headers.forEach(header -> response.getHeaders().add(field(header)));
    // With a supplier of trailers, Jetty uses chunks even on a connection that ends with the
    // response, so that the client notices when the response is cut.
    response.setTrailersSupplier(() -> HttpFields.EMPTY);
  }

  /// Sets the head of a refusal.
  ///
  /// @param close whether the connection must not be used for another request; only HTTP/1 has a
  ///   header field that says so
  static void writeRefusal(
      Response response, Refusal refusal, RefusalResponse refusalResponse, boolean close) {
    response.setStatus(status(response.getRequest(), refusal, refusalResponse));
    HttpFields.Mutable fields = response.getHeaders();
    fields.put(HttpHeader.CONTENT_TYPE, refusalResponse.contentType());
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    switch (refusal.kind()) {
      case NO_CREDENTIAL, WRONG_CREDENTIAL ->
          fields.put(HttpHeader.WWW_AUTHENTICATE, BASIC_CHALLENGE);
      case WRONG_METHOD -> fields.put(HttpHeader.ALLOW, refusal.detail());
      case MOVED ->
          fields.put(
              HttpHeader.LOCATION,
              refusal.detail()
                  + Objects.requireNonNullElse(
                      response.getRequest().getHttpURI().getPathQuery(), "/"));
      case BUSY, STOPPING -> fields.put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
      default -> {}
    }
    boolean http1 =
        response.getRequest().getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_2)
            < 0;
    if (close && http1) fields.put(HttpHeader.CONNECTION, "close");
  }

  // A client that follows a redirect may change POST to GET after status 301, but not after 308
  // (RFC 9110 §15.4.2, §15.4.9).
  private static int status(Request request, Refusal refusal, RefusalResponse refusalResponse) {
    boolean safeMethod =
        HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    return refusal.kind() == Refusal.Kind.MOVED && safeMethod
        ? HttpStatus.MOVED_PERMANENTLY_301
        : refusalResponse.status();
  }

  // The length is parsed and written again, so that the client never receives an unusual spelling
  // of the node's, such as leading zeros.
  private static HttpField field(Header header) {
    return header.hasName("Content-Length")
        ? new HttpField.LongValueHttpField(
            HttpHeader.CONTENT_LENGTH, Long.parseLong(header.value().strip()))
        : new HttpField(header.name(), header.value());
  }

  // Jetty's Response has no setter for the reason phrase, so a stream wrapper adds it when Jetty
  // sends the head. Jetty calls `send` again, without a head, for the rest of the body. The wrapper
  // stays when the response is reset for a refusal, which has a status of its own.
  private static void setReason(Request request, int status, String reason) {
    request.addHttpStreamWrapper(stream ->
        new HttpStream.Wrapper(stream) {
          @Override
          public void send(
              MetaData.Request requestHead,
              MetaData.Response head,
              boolean last,
              ByteBuffer content,
              Callback callback) {
            boolean ofNode = head != null && head.getStatus() == status;
            super.send(
                requestHead, ofNode ? withReason(head, reason) : head, last, content, callback);
          }
        });
  }

  private static MetaData.Response withReason(MetaData.Response head, String reason) {
    return new MetaData.Response(
        head.getStatus(),
        reason,
        head.getHttpVersion(),
        head.getHttpFields(),
        head.getContentLength(),
        head.getTrailersSupplier());
  }
}
