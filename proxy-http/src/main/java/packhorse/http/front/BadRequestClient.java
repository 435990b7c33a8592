package packhorse.http.front;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import packhorse.exchange.call.StatelessClient;
import packhorse.memory.MemoryShare;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.ResponseObserver;
import packhorse.wire.push.Push;

/// The client of a request that cannot be served: Jetty rejected it, or there is no memory for it.
/// It can be refused, and nothing else. Created by [PlainTextErrorHandler] and [FrontHandler], used
/// once.
final class BadRequestClient implements StatelessClient {
  private final Response response;
  private final String decisionId;
  private final MemoryShare memory;
  private final Callback callback;

  /// @param response has its status, which is not changed
  /// @param memory the share of the request
  BadRequestClient(Response response, String decisionId, MemoryShare memory, Callback callback) {
    this.memory = memory;
    this.response = response;
    this.decisionId = decisionId;
    this.callback = callback;
  }

  @Override
  public InputStream fromClient() {
    return InputStream.nullInputStream();
  }

  @Override
  public boolean hasBody() {
    return false;
  }

  @Override
  public OptionalLong contentLength() {
    return OptionalLong.empty();
  }

  @Override
  public MemoryShare memory() {
    return memory;
  }

  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public boolean responseStarted() {
    return response.isCommitted();
  }

  @Override
  public void sendEarly(Headers headers, ByteString part) {
    throw new IllegalStateException("a rejected request has no response from a node");
  }

  @Override
  public Transfer relay(NodeResponse nodeResponse, Headers headers, ResponseObserver observer) {
    throw new IllegalStateException("a rejected request has no response from a node");
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    RefusalResponse refusalResponse =
        RefusalResponse.plainText(response.getStatus(), refusal, decisionId);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, refusalResponse.contentType());
    response.write(true, refusalResponse.body().asReadOnlyBuffer(), callback);
  }
}
