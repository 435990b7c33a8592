package packhorse.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.internal.HttpConnectionOverHTTP;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.Silence;
import packhorse.wire.Bytes;

/// One call at one node: Jetty's request, and the wait for the head of its answer. Used by the
/// {@link JettyLink} on the thread that asks; Jetty reports on its own threads.
final class NodeExchange {
  private final NodeTimeouts timeouts;
  private final Node node;
  private final HttpClient client;
  private final Waits waits;
  private final Request request;
  private final CompletableFuture<JettyAnswer> head = new CompletableFuture<>();
  private @Nullable Connection own;
  private volatile boolean sent;
  private volatile boolean reused;

  NodeExchange(NodeClients clients, NodeTimeouts timeouts, Node node, NodeCall call) {
    this(clients, timeouts, node, call, Optional.empty());
  }

  NodeExchange(
      NodeClients clients,
      NodeTimeouts timeouts,
      Node node,
      NodeCall call,
      Optional<StreamedBody> streamed) {
    this.timeouts = timeouts;
    this.node = node;
    this.client = clients.of(node);
    this.waits = clients.waits();
    this.request = composed(call, streamed);
    request.onRequestBegin(begun -> sent());
    request.onResponseContentSource(this::headRead);
  }

  /// Opens a connection that this call alone will use.
  Connection connect() throws NodeFailure {
    CompletableFuture<Connection> opening = client.resolveDestination(request).newConnection();
    Connection opened = waitFor(opening);
    own = opened;
    return opened;
  }

  void send() {
    request.send(result -> failed(result.getFailure()));
  }

  void send(Connection connection) {
    connection.send(request, result -> failed(result.getFailure()));
  }

  /// Waits for the head of the answer.
  JettyAnswer answer() throws NodeFailure {
    return waitFor(head);
  }

  /// The same, for a client that is not to hear nothing meanwhile.
  ///
  /// @throws ClientGone when the client leaves meanwhile; the call is given up
  JettyAnswer answer(Silence silence) throws NodeFailure, ClientGone {
    while (!here(silence.left())) {
      try {
        silence.goesOn();
      } catch (ClientGone gone) {
        abandon(gone);
        throw gone;
      }
    }
    return answer();
  }

  // whether the head, or a failure, has come
  private boolean here(Duration patience) throws NodeFailure {
    try {
      return waits.within(patience, head);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Whether the node's head has come and is a no: the rest of the body need not be sent.
  boolean turnedAway() {
    return head.isDone()
        && (head.isCompletedExceptionally() || head.join().status() >= HttpStatus.BAD_REQUEST_400);
  }

  /// Whether the call failed because the connection it was sent on, an old one, was closed at the
  /// other end.
  boolean metClosedConnection() {
    if (!reused || !head.isCompletedExceptionally()) return false;
    return switch (head.exceptionNow()) {
      case EOFException eof -> true;
      case ClosedChannelException closed -> true;
      case IOException reset -> String.valueOf(reset.getMessage()).contains("reset by peer");
      default -> false;
    };
  }

  /// Gives the call up; the node sees its connection cut.
  void abandon(Throwable cause) {
    // whether there was anything left to abort makes no difference
    var _ = request.abort(cause);
    if (own != null) own.close();
  }

  /// The answer was taken to its end.
  void finished() {
    if (own != null) own.close();
  }

  private Request composed(NodeCall call, Optional<StreamedBody> streamed) {
    URI at = node.http();
    String prefix = at.getRawPath().endsWith("/") ? trimmed(at.getRawPath()) : at.getRawPath();
    Request composed =
        client
            // said apart: Jetty takes a name with an underscore, but reads none out of a URI
            .newRequest("node", port(at))
            .host(name(at))
            .scheme(at.getScheme())
            .method(call.method())
            .path(prefix + call.target())
            .idleTimeout(timeouts.answer().toMillis(), TimeUnit.MILLISECONDS)
            .headers(lines -> {
              lines.put(HttpHeader.HOST, call.host());
              call.headers().forEach(line -> lines.add(line.name(), line.value()));
            });
    streamed.ifPresent(composed::body);
    if (call.body() instanceof NodeCall.Whole(Bytes bytes)) {
      composed.body(new ByteBufferRequestContent(bytes.buffer()));
    }
    return composed;
  }

  // Java's URI knows neither name nor port where the name has an underscore, as those of containers
  // may have; nodes have no user in their URLs

  private static String name(URI at) {
    if (at.getHost() != null) return at.getHost();
    return at.getRawAuthority().replaceFirst(":[0-9]*$", "");
  }

  private static int port(URI at) {
    if (at.getPort() >= 0) return at.getPort();
    int colon = at.getHost() == null ? at.getRawAuthority().lastIndexOf(':') : -1;
    if (colon >= 0)
      return Integer.parseInt(at.getRawAuthority(), colon + 1, at.getRawAuthority().length(), 10);
    return at.getScheme().equals("https") ? 443 : 80;
  }

  private static String trimmed(String path) {
    return path.substring(0, path.length() - 1);
  }

  private void sent() {
    reused =
        request.getConnection() instanceof HttpConnectionOverHTTP kept && kept.getMessagesOut() > 1;
    sent = true;
  }

  private void headRead(Response response, Content.Source body) {
    if (request.getConnection() instanceof org.eclipse.jetty.io.Connection connection) {
      connection.getEndPoint().setIdleTimeout(timeouts.stall().toMillis());
    }
    NodeChallenges.closeIfBound(response);
    head.complete(new JettyAnswer(node, response, body, this, waits));
  }

  private void failed(@Nullable Throwable failure) {
    if (head.isDone()) return;
    head.completeExceptionally(
        failure != null ? failure : new EOFException("the answer has no head"));
  }

  private <T> T waitFor(CompletableFuture<T> coming) throws NodeFailure {
    try {
      return coming.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private NodeFailure interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    abandon(e);
    return failure(e);
  }

  NodeFailure failure(Throwable cause) {
    // before the end of a handshake nothing of a request is sent
    boolean seen = sent && !(cause instanceof SSLHandshakeException);
    return new NodeFailure(node, seen, FailureWords.of(cause), cause);
  }
}
