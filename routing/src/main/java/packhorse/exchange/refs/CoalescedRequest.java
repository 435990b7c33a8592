package packhorse.exchange.refs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.request.RefusalException;
import packhorse.wire.ResponseObserver;

/// One request to a node and the callers that share its response. A shared request runs on a thread
/// of its own, so that any caller may leave, including the first. The set of callers is fixed when
/// the request starts. [AdvertisementCoalescer] calls [#join], [#leave] and [#start] under its
/// lock.
final class CoalescedRequest {
  private static final int PIECE_BYTES = 32 * 1024;

  private final String requestId;
  private final AdvertisementCoalescer.RequestSender sender;
  private final FanOutBufferFactory buffers;
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch completed = new CountDownLatch(1);
  private int subscribers = 1;
  private volatile @Nullable FanOutBuffer buffer;
  private volatile @Nullable RequestResult result;
  private volatile boolean responseStarted;
  private volatile long responseStartNanos;

  /// The result of the request.
  private sealed interface RequestResult {}

  /// The head of the response has arrived; its body goes through the buffer.
  private record SharedResponse(RoutedResponse response) implements RequestResult {}

  /// The response is for one client only, so each caller must send a request of its own.
  private record PersonalResponse() implements RequestResult {}

  /// There is no response.
  private record RequestFailure(Exception cause) implements RequestResult {}

  /// @param requestId the id of the client's request that the node sees
  /// @param sender sends the request if it is shared
  CoalescedRequest(
      String requestId, AdvertisementCoalescer.RequestSender sender, FanOutBufferFactory buffers) {
    this.requestId = requestId;
    this.sender = sender;
    this.buffers = buffers;
  }

  /// Adds a caller, before the start.
  void join() {
    subscribers++;
  }

  /// Removes a caller, before the start. Returns whether no caller is left.
  boolean leave() {
    return --subscribers == 0;
  }

  void start() {
    if (!isUnshared()) buffer = buffers.create(subscribers);
    started.countDown();
  }

  /// Waits for the start; returns false if the time is over before.
  boolean awaitStart(Duration time) throws InterruptedException {
    return started.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Whether there is a single caller, which sends the request on its own thread.
  boolean isUnshared() {
    return subscribers == 1;
  }

  /// Records that the head of the response has arrived.
  void markResponseStarted() {
    responseStartNanos = System.nanoTime();
    responseStarted = true;
  }

  /// Whether the head of the response arrived at least this long ago.
  boolean hasRespondedFor(Duration time) {
    return responseStarted && System.nanoTime() - responseStartNanos >= time.toNanos();
  }

  /// Returns the response for one of the callers; blocks until its head has arrived. Each caller
  /// calls it once.
  ///
  /// @param ownSender sends a request on behalf of this caller, for a response that cannot be
  ///   shared
  RoutedResponse awaitResponse(AdvertisementCoalescer.RequestSender ownSender)
      throws RefusalException, IOException {
    FanOutBuffer body = sharedBuffer();
    try {
      completed.await();
    } catch (InterruptedException e) {
      body.cancelReader();
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted while waiting for a node's response", e);
    }
    if (result instanceof SharedResponse(RoutedResponse shared)) {
      String reason =
          shared.route().reason() + ", asked once for " + subscribers + " as request " + requestId;
      var response =
          new CoalescedResponse(shared.nodeResponse(), body.reader(shared.nodeResponse().node()));
      return new RoutedResponse(shared.route().withReason(reason), response, shared.attempts())
          .withObserver(AnswerObserver.resultOf(shared.observer()::result));
    }
    body.cancelReader();
    if (result instanceof RequestFailure(Exception cause)) throw copyOf(cause);
    return ownSender.send();
  }

  // Each caller throws an exception of its own, because its stack trace belongs to one thread.
  private static IOException copyOf(Exception cause) throws RefusalException {
    return switch (cause) {
      case RefusalException refused -> throw new RefusalException(refused.refusal());
      case IOException failure -> new IOException(failure.getMessage(), failure);
      default -> throw new IllegalStateException("the shared request failed", cause);
    };
  }

  /// Sends the request and passes its response to all callers; returns when the response has ended.
  ///
  /// @param truncationListener called for a node that breaks the connection within its response
  void run(Consumer<NodeFailure> truncationListener) {
    try (RoutedResponse response = sender.send()) {
      if (CoalescedResponse.isPersonal(response.nodeResponse())) {
        complete(new PersonalResponse());
        return;
      }
      markResponseStarted();
      complete(new SharedResponse(response));
      fillBuffer(response, truncationListener);
    } catch (RefusalException | IOException | RuntimeException e) {
      complete(new RequestFailure(e));
    } finally {
      complete(new RequestFailure(new IllegalStateException("the shared request has no response")));
    }
  }

  private void fillBuffer(RoutedResponse response, Consumer<NodeFailure> truncationListener) {
    try {
      boolean readToEnd = copyBody(response.nodeResponse().body(), response.observer());
      if (readToEnd && response.observer().isTruncated()) {
        throw NodeFailure.truncatedResponse(response.nodeResponse().node());
      }
      sharedBuffer().complete(response.nodeResponse().trailers());
    } catch (NodeFailure failure) {
      truncationListener.accept(failure);
      sharedBuffer().fail(failure);
    } catch (IOException | InterruptedException | RuntimeException e) {
      sharedBuffer()
          .fail(new NodeFailure(response.nodeResponse().node(), true, String.valueOf(e), e));
    }
  }

  /// @return whether the body was read to its end; not if all clients have left
  private boolean copyBody(InputStream fromNode, ResponseObserver observer)
      throws IOException, InterruptedException {
    try {
      byte[] piece = fromNode.readNBytes(PIECE_BYTES);
      while (piece.length > 0) {
        observer.onBytes(ByteBuffer.wrap(piece));
        if (!sharedBuffer().append(piece)) return false;
        piece = fromNode.readNBytes(PIECE_BYTES);
      }
      return true;
    } finally {
      observer.onEnd();
    }
  }

  /// Sets the result, if it is not yet set.
  private void complete(RequestResult newResult) {
    if (completed.getCount() == 0) return;
    result = newResult;
    completed.countDown();
  }

  private FanOutBuffer sharedBuffer() {
    FanOutBuffer shared = buffer;
    if (shared == null) throw new IllegalStateException("the request is not shared");
    return shared;
  }
}
