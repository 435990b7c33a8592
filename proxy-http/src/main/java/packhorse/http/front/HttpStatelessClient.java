package packhorse.http.front;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import packhorse.exchange.call.Interruption;
import packhorse.exchange.call.StatelessClient;
import packhorse.http.connector.ClientPresence;
import packhorse.http.connector.CutResponse;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.ResponseObserver;
import packhorse.wire.push.Push;

/// The client of one HTTP request. Created by [FrontHandler]; used on the request's virtual thread,
/// which always calls [#finish] at the end.
final class HttpStatelessClient implements StatelessClient {
  /// How long the rest of a request body is read and discarded before a refusal is sent.
  private static final Duration DRAIN_BEFORE_RESPONSE = Duration.ofSeconds(10);

  /// The same for a refusal because of too much work, which must not make more work.
  private static final Duration DRAIN_WHEN_BUSY = Duration.ofSeconds(1);

  /// How long the rest of a request body is read and discarded after the response.
  private static final Duration DRAIN_AFTER_RESPONSE = Duration.ofMinutes(5);

  private final Request request;
  private final Response response;
  private final String decisionId;
  private final RequestReader.Result result;
  private final MemoryShare memory;
  private final ClientRequestBody body;
  private final ClientPresence presence;
  private boolean left;

  /// Whether the response was begun with [#sendEarly] and no node's response has followed yet.
  private boolean early;

  private boolean complete;
  private boolean truncated;

  /// Reports a response that cannot be completed to Jetty, so that the client sees its connection
  /// or stream fail.
  private static final class IncompleteResponseException extends IOException
      implements QuietException {
    private static final long serialVersionUID = 1;

    IncompleteResponseException() {
      super("the response is incomplete");
    }
  }

  /// @param memory the share of the request
  HttpStatelessClient(
      Request request,
      Response response,
      String decisionId,
      RequestReader.Result result,
      MemoryShare memory) {
    this.memory = memory;
    this.request = request;
    this.response = response;
    this.decisionId = decisionId;
    this.result = result;
    this.body = new ClientRequestBody(request, result.coding());
    this.presence = new ClientPresence(request);
  }

  @Override
  public InputStream fromClient() {
    return body;
  }

  @Override
  public OptionalLong contentLength() {
    long length = request.getLength();
    boolean known = length >= 0 && result.coding() == ContentCoding.IDENTITY;
    return known ? OptionalLong.of(length) : OptionalLong.empty();
  }

  // In HTTP/2 a body need not be announced.
  @Override
  public boolean hasBody() throws IOException {
    HttpFields headers = request.getHeaders();
    boolean http1 =
        request.getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_2) < 0;
    if (request.getLength() >= 0) return request.getLength() > 0;
    return http1 ? headers.contains(HttpHeader.TRANSFER_ENCODING) : !body.isEmpty();
  }

  @Override
  public MemoryShare memory() {
    return memory;
  }

  @Override
  public boolean hasLeft() {
    left |= presence.hasLeft();
    return left;
  }

  @Override
  public boolean responseStarted() {
    return response.isCommitted();
  }

  @Override
  public void sendEarly(Headers headers, ByteString part) throws ClientGoneException {
    if (!early) ResponseHeadWriter.writeEarlyResponse(response, headers);
    early = true;
    try {
      ResponseBodyWriter.write(response, false, part.asReadOnlyBuffer());
    } catch (ClientGoneException e) {
      truncated = true;
      throw e;
    }
  }

  @Override
  public Transfer relay(NodeResponse nodeResponse, Headers headers, ResponseObserver observer) {
    if (!early) ResponseHeadWriter.writeResponse(request, response, nodeResponse, headers);
    early = false;
    var body = new ResponseBodyWriter(request, response, nodeResponse, observer);
    try {
      body.send();
      complete = true;
      return new Transfer(body.sentBytes(), Optional.empty());
    } catch (ClientGoneException e) {
      truncated = responseStarted();
      return new Transfer(body.sentBytes(), Optional.of(Interruption.of(e)));
    } catch (NodeFailure e) {
      truncated = responseStarted();
      Interruption interruption =
          truncated ? Interruption.of(e) : Interruption.beforeResponse(nodeResponse, e);
      return new Transfer(body.sentBytes(), Optional.of(interruption));
    }
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    truncated |= responseStarted() && !complete && !early;
    if (complete || truncated || left || body.isClientGone()) return;
    if (early) {
      completeWith(RefusalResponse.sideBandError(refusal, decisionId));
      return;
    }
    // Git reads the response only after it has sent the whole request. If the connection were
    // closed before, it would report a broken connection instead of the refusal.
    boolean busy = refusal.kind() == Refusal.Kind.BUSY || refusal.kind() == Refusal.Kind.TOO_SLOW;
    boolean drained = body.drain(busy ? DRAIN_WHEN_BUSY : DRAIN_BEFORE_RESPONSE);
    if (body.isClientGone()) return;
    response.reset();
    RefusalResponse refusalResponse =
        result.target().isEmpty() && LargeFileRequest.matches(request)
            ? RefusalResponse.largeFiles(refusal, decisionId)
            : RefusalResponse.of(refusal, decisionId, result.target(), push);
    boolean close = result.badFraming() || !drained;
    ResponseHeadWriter.writeRefusal(response, refusal, refusalResponse, close);
    completeWith(refusalResponse.body());
  }

  private void completeWith(ByteString lastBytes) {
    try {
      ResponseBodyWriter.write(response, true, lastBytes.asReadOnlyBuffer());
      complete = true;
    } catch (ClientGoneException e) {
      truncated = true;
    }
  }

  /// Ends the request. If it has no complete response by now, the client gets a refusal.
  ///
  /// @param callback completed once Jetty may reuse or close the connection
  void finish(Callback callback) {
    if (!complete) {
      refuse(body.refusal().orElseGet(HttpStatelessClient::noResponse), Optional.empty());
    }
    closeBody();
    if (complete && body.drain(DRAIN_AFTER_RESPONSE)) {
      callback.succeeded();
    } else {
      if (!complete && responseStarted()) CutResponse.resetIfCloseDelimited(request);
      callback.failed(new IncompleteResponseException());
    }
  }

  private void closeBody() {
    try {
      body.close();
    } catch (IOException e) {
      truncated = true;
    }
  }

  private static Refusal noResponse() {
    return Refusal.nodeFailed(RefusalResponse.NO_RESPONSE);
  }
}
