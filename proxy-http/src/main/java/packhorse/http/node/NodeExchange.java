package packhorse.http.node;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import packhorse.http.io.FailureMessages;
import packhorse.http.io.WaitTimer;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeRequest;
import packhorse.node.WaitListener;
import packhorse.wire.ByteString;

/// One request to one node and the wait for its response head. Used by [JettyLink] on the thread of
/// the client's request; Jetty calls back on its own threads.
final class NodeExchange {
  private final NodeClients clients;
  private final NodeTimeouts timeouts;
  private final Node node;
  private final HttpClient client;
  private final Duration silenceLimit;
  private final WaitTimer waitTimer;
  private final Request request;
  private final Optional<StreamedRequestBody> streamedBody;
  private final CompletableFuture<JettyResponse> responseHead = new CompletableFuture<>();
  private @Nullable Connection ownConnection;
  private volatile boolean requestSent;
  private volatile boolean connectionReused;

  NodeExchange(NodeClients clients, NodeTimeouts timeouts, Node node, NodeRequest nodeRequest) {
    this(clients, timeouts, node, nodeRequest, Optional.empty());
  }

  NodeExchange(
      NodeClients clients,
      NodeTimeouts timeouts,
      Node node,
      NodeRequest nodeRequest,
      Optional<StreamedRequestBody> streamedBody) {
    this.clients = clients;
    this.timeouts = timeouts;
    this.node = node;
    this.streamedBody = streamedBody;
    this.client = clients.clientFor(node);
    this.waitTimer = clients.waitTimer();
    this.silenceLimit = nodeRequest.mayPause() ? timeouts.pause() : timeouts.stall();
    this.request = newJettyRequest(nodeRequest);
    request.onRequestBegin(begun -> onRequestBegin());
    request.onResponseContentSource(this::onResponseHead);
  }

  /// Opens a connection that only this exchange uses.
  Connection connect() throws NodeFailure {
    CompletableFuture<Connection> opening = client.resolveDestination(request).newConnection();
    Connection connection = waitFor(opening);
    ownConnection = connection;
    return connection;
  }

  /// Limits the time from the beginning of the request to the end of the response.
  void limitTime(Duration total) {
    request.timeout(total.toMillis(), TimeUnit.MILLISECONDS);
  }

  void send() {
    request.send(result -> onComplete(result.getFailure()));
  }

  void send(Connection connection) {
    connection.send(request, result -> onComplete(result.getFailure()));
  }

  /// Waits for the response head.
  JettyResponse awaitResponse() throws NodeFailure {
    return waitFor(responseHead);
  }

  /// Waits for the response head and calls the listener while there is none.
  ///
  /// @throws ClientGoneException when the client leaves meanwhile; the exchange is aborted
  /// @throws NodeFailure when there is no response, or the listener gives up; the exchange is
  ///   aborted
  JettyResponse awaitResponse(WaitListener waitListener) throws NodeFailure, ClientGoneException {
    while (!isDoneWithin(waitListener.timeToNextCall())) {
      try {
        waitListener.stillWaiting();
      } catch (ClientGoneException | NodeFailure e) {
        abort(e);
        throw e;
      }
    }
    return awaitResponse();
  }

  // whether the response head or a failure arrives in that time
  private boolean isDoneWithin(Duration timeout) throws NodeFailure {
    try {
      return waitTimer.await(timeout, responseHead);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Whether the exchange has failed or the node has responded with an error status: the rest of
  /// the request body need not be sent.
  boolean isRejected() {
    return responseHead.isDone()
        && (responseHead.isCompletedExceptionally()
            || responseHead.join().status() >= HttpStatus.BAD_REQUEST_400);
  }

  /// Whether the exchange failed because it used a kept-alive connection that the node had closed.
  boolean failedOnClosedConnection() {
    if (!connectionReused || !responseHead.isCompletedExceptionally()) return false;
    return switch (responseHead.exceptionNow()) {
      case EOFException eof -> true;
      case ClosedChannelException closed -> true;
      case IOException reset -> String.valueOf(reset.getMessage()).contains("reset by peer");
      default -> false;
    };
  }

  /// Aborts the exchange; the node sees its connection closed.
  void abort(Throwable cause) {
    // It makes no difference whether there was anything left to abort.
    var _ = request.abort(cause);
    if (ownConnection != null) ownConnection.close();
  }

  /// The response was read to its end.
  void responseConsumed() {
    if (ownConnection != null) ownConnection.close();
  }

  private Request newJettyRequest(NodeRequest nodeRequest) {
    URI uri = node.http();
    String path = uri.getRawPath();
    String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    Request jettyRequest =
        client
            // Host and port are set separately: Jetty accepts a host name with an underscore, but
            // does not read one from a URI.
            .newRequest("node", port(uri))
            .host(host(uri))
            .scheme(uri.getScheme())
            .method(nodeRequest.method())
            .path(prefix + nodeRequest.target())
            .idleTimeout(timeouts.firstByte().toMillis(), TimeUnit.MILLISECONDS)
            .headers(fields -> {
              fields.put(HttpHeader.HOST, nodeRequest.host());
              nodeRequest.headers().forEach(header -> fields.add(header.name(), header.value()));
            });
    requirePath(jettyRequest, prefix + nodeRequest.target());
    streamedBody.ifPresent(jettyRequest::body);
    if (nodeRequest.body() instanceof NodeRequest.BufferedBody(ByteString bytes)) {
      jettyRequest.body(new ByteBufferRequestContent(bytes.asReadOnlyBuffer()));
    }
    return jettyRequest;
  }

  // Jetty parses the path as a URL, so it could find another path in it than was judged.
  private static void requirePath(Request request, String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (!path.equals(request.getPath())) {
      throw new IllegalArgumentException("the path '" + path + "' cannot be sent to a node");
    }
  }

  // Java's URI has neither host nor port if the host name has an underscore, as names of containers
  // may have. The URL of a node has no user part.

  private static String host(URI uri) {
    if (uri.getHost() != null) return uri.getHost();
    return uri.getRawAuthority().replaceFirst(":[0-9]*$", "");
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) return uri.getPort();
    String authority = uri.getRawAuthority();
    int colon = uri.getHost() == null ? authority.lastIndexOf(':') : -1;
    if (colon >= 0) return Integer.parseInt(authority, colon + 1, authority.length(), 10);
    return uri.getScheme().equals("https") ? 443 : 80;
  }

  private void onRequestBegin() {
    connectionReused =
        request.getConnection() instanceof org.eclipse.jetty.io.Connection connection
            && connection.getMessagesOut() > 1;
    requestSent = true;
  }

  private void onResponseHead(Response response, Content.Source body) {
    if (request.getConnection() instanceof org.eclipse.jetty.io.Connection connection) {
      connection.getEndPoint().setIdleTimeout(silenceLimit.toMillis());
    }
    ConnectionBoundAuthentication.closeIfRequested(response);
    JettyResponse started = new JettyResponse(node, response, body, this, waitTimer);
    if (streamedBody.isEmpty()) clients.addRead(started);
    responseHead.complete(started);
    if (isRejected()) streamedBody.ifPresent(StreamedRequestBody::stop);
  }

  private void onComplete(@Nullable Throwable failure) {
    if (responseHead.state() == Future.State.SUCCESS) clients.removeRead(responseHead.join());
    responseHead.completeExceptionally(
        failure != null ? failure : new EOFException("the response has no head"));
  }

  private <T> T waitFor(CompletableFuture<T> future) throws NodeFailure {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private NodeFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    abort(e);
    return failure(e);
  }

  NodeFailure failure(Throwable cause) {
    // Nothing of a request is sent before the TLS handshake has ended.
    boolean sent = requestSent && !(cause instanceof SSLHandshakeException);
    return new NodeFailure(node, sent, FailureMessages.of(cause), cause);
  }
}
