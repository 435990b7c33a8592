package packhorse.exchange.refs;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.request.RefusalException;

/// Coalesces concurrent requests for the same ref advertisement, so that each key has one request
/// in flight and one queued. A caller that arrives while a request is in flight waits for the
/// queued one, which all callers that wait by then share and which starts when the first has ended.
/// An advertisement is thus never older than the client's request that it answers. Called by
/// [RefAdvertisements], on the threads of clients' requests.
public final class AdvertisementCoalescer {
  private final Map<CoalescingKey, RequestQueue> queues = new HashMap<>();
  private final FanOutBufferFactory buffers;
  private final Consumer<NodeFailure> truncationListener;
  private final Duration responseTimeLimit;

  /// Sends a request to a node immediately.
  interface RequestSender {
    RoutedResponse send() throws RefusalException, IOException;
  }

  /// The requests of one key: the one in flight, and at most one that waits for its end.
  private static final class RequestQueue {
    private CoalescedRequest inFlight;
    private @Nullable CoalescedRequest next;

    RequestQueue(CoalescedRequest first) {
      inFlight = first;
    }
  }

  /// @param truncationListener called once for a node that breaks the connection within a shared
  ///   response
  /// @param responseTimeLimit how long a response whose head has arrived may delay the queued
  ///   request, because its clients read slowly; after that the queued request starts beside it
  public AdvertisementCoalescer(
      FanOutBufferFactory buffers,
      Consumer<NodeFailure> truncationListener,
      Duration responseTimeLimit) {
    this.buffers = buffers;
    this.truncationListener = truncationListener;
    this.responseTimeLimit = responseTimeLimit;
  }

  /// Returns the response to a request that starts now or later. A caller that shares the request
  /// with nobody gets the node's own response; of a shared request, each caller gets a response
  /// that it reads at its own pace.
  ///
  /// @param requestId the id of the client's request, under which the request is sent to the node
  /// @param sender sends the request on behalf of this caller
  /// @throws RefusalException if no node responded; thrown to every caller that shares the request
  RoutedResponse send(CoalescingKey key, String requestId, RequestSender sender)
      throws RefusalException, IOException {
    CoalescedRequest request = joinOrStart(key, requestId, sender);
    awaitStart(key, request);
    if (!request.isUnshared()) return request.awaitResponse(sender);
    boolean responded = false;
    try {
      RoutedResponse response = sender.send();
      request.markResponseStarted();
      responded = true;
      return response.withOnClose(() -> requestEnded(key, request));
    } finally {
      if (!responded) requestEnded(key, request);
    }
  }

  private synchronized CoalescedRequest joinOrStart(
      CoalescingKey key, String requestId, RequestSender sender) {
    RequestQueue queue = queues.get(key);
    if (queue == null) {
      var first = new CoalescedRequest(requestId, sender, buffers);
      queues.put(key, new RequestQueue(first));
      first.start();
      return first;
    }
    CoalescedRequest next = queue.next;
    if (next == null) {
      next = new CoalescedRequest(requestId, sender, buffers);
      queue.next = next;
    } else {
      next.join();
    }
    return next;
  }

  private void awaitStart(CoalescingKey key, CoalescedRequest request) throws ClientGoneException {
    try {
      while (!request.awaitStart(responseTimeLimit.dividedBy(4))) {
        startNextIfOverdue(key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (cancel(key, request)) {
        throw new ClientGoneException("interrupted while waiting for a shared request to start", e);
      }
    }
  }

  /// Removes a caller from a queued request. Returns false if the request has started: then the
  /// caller stays.
  private synchronized boolean cancel(CoalescingKey key, CoalescedRequest request) {
    RequestQueue queue = queues.get(key);
    if (queue == null || queue.next != request) return false;
    if (request.leave()) queue.next = null;
    return true;
  }

  private synchronized void startNextIfOverdue(CoalescingKey key) {
    RequestQueue queue = queues.get(key);
    if (queue != null && queue.inFlight.hasRespondedFor(responseTimeLimit)) startNext(key, queue);
  }

  private synchronized void requestEnded(CoalescingKey key, CoalescedRequest request) {
    RequestQueue queue = queues.get(key);
    if (queue == null || queue.inFlight != request) return;
    if (queue.next == null) {
      queues.remove(key);
    } else {
      startNext(key, queue);
    }
  }

  private void startNext(CoalescingKey key, RequestQueue queue) {
    CoalescedRequest next = queue.next;
    if (next == null) return;
    queue.inFlight = next;
    queue.next = null;
    next.start();
    if (!next.isUnshared()) {
      Thread.ofVirtual().name("ref advertisement").start(() -> runShared(key, next));
    }
  }

  private void runShared(CoalescingKey key, CoalescedRequest request) {
    try {
      request.run(truncationListener);
    } finally {
      requestEnded(key, request);
    }
  }
}
