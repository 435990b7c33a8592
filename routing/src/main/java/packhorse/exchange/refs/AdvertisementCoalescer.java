package packhorse.exchange.refs;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;

/// Coalesces concurrent requests for the same ref advertisement, so that each key has one request
/// in flight and one queued. A caller that arrives while a request is in flight waits for the
/// queued one, which all callers that wait by then share and which starts when the first has ended.
/// An advertisement is thus never older than the client's request that it answers.
///
/// If the node of the request in flight is silent for longer than usual, a second request starts at
/// another node: the queued one, or one for the callers of the first. It serves the callers of
/// both. At most two requests of a key are in flight. Called by [RefAdvertisements], on the threads
/// of clients' requests.
public final class AdvertisementCoalescer {
  // How soon a caller that waits notices that its client has left.
  private static final Duration WAIT = Duration.ofMillis(200);

  private final Map<CoalescingKey, RequestQueue> queues = new HashMap<>();
  private final FanOutBufferFactory buffers;
  private final Consumer<NodeFailure> truncationListener;
  private final Duration responseTimeLimit;
  private final ResponseTimes responseTimes;

  /// The requests of one key: those in flight, and at most one that waits for their end.
  private static final class RequestQueue {
    private final List<CoalescedRequest> inFlight = new ArrayList<>();
    private @Nullable CoalescedRequest next;
  }

  /// @param truncationListener called once for a node that breaks the connection within a shared
  ///   response
  /// @param responseTimeLimit how long a response whose head has arrived may delay the queued
  ///   request, because its clients read slowly; after that the queued request starts beside it
  public AdvertisementCoalescer(
      FanOutBufferFactory buffers,
      Consumer<NodeFailure> truncationListener,
      Duration responseTimeLimit) {
    this(buffers, truncationListener, responseTimeLimit, new ResponseTimes());
  }

  AdvertisementCoalescer(
      FanOutBufferFactory buffers,
      Consumer<NodeFailure> truncationListener,
      Duration responseTimeLimit,
      ResponseTimes responseTimes) {
    this.responseTimes = responseTimes;
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
  /// @param client ends the wait when the client has left
  /// @throws RefusalException if no node responded; thrown to every caller that shares the request
  /// @throws ClientGoneException if the client has left
  RoutedResponse send(
      CoalescingKey key, String requestId, RequestSender sender, WaitListener client)
      throws RefusalException, IOException {
    CoalescedRequest request = joinOrStart(key, requestId, sender);
    awaitStart(key, request, client);
    if (!request.isShared()) {
      Optional<RoutedResponse> own = sendUnshared(key, request, sender, client);
      if (own.isPresent()) return own.get();
    }
    awaitWinner(request, client);
    return request.responseFor(sender, client);
  }

  private synchronized CoalescedRequest joinOrStart(
      CoalescingKey key, String requestId, RequestSender sender) {
    RequestQueue queue = queues.get(key);
    if (queue == null) {
      queue = new RequestQueue();
      queues.put(key, queue);
      CoalescedRequest first = newRequest(key, requestId, sender);
      start(key, queue, first);
      return first;
    }
    CoalescedRequest next = queue.next;
    if (next == null) {
      next = newRequest(key, requestId, sender);
      queue.next = next;
    } else {
      next.join();
    }
    startSecondIfOverdue(key);
    return next;
  }

  private CoalescedRequest newRequest(CoalescingKey key, String requestId, RequestSender sender) {
    return CoalescedRequest.forCaller(requestId, sender, time -> responseTimes.record(key, time));
  }

  private void awaitStart(CoalescingKey key, CoalescedRequest request, WaitListener client)
      throws IOException {
    try {
      while (!request.awaitStart(WAIT)) {
        startSecondIfOverdue(key);
        client.stillWaiting();
      }
    } catch (ClientGoneException | NodeFailure gone) {
      if (cancel(key, request)) throw gone;
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

  private Optional<RoutedResponse> sendUnshared(
      CoalescingKey key, CoalescedRequest request, RequestSender sender, WaitListener client)
      throws RefusalException, IOException {
    Optional<RoutedResponse> response = Optional.empty();
    try {
      response = request.sendUnshared(sender, silenceListener(key, request, client));
      return response.map(own -> own.withOnClose(() -> requestEnded(key, request)));
    } finally {
      if (response.isEmpty()) requestEnded(key, request);
    }
  }

  private SilenceListener silenceListener(
      CoalescingKey key, CoalescedRequest request, WaitListener client) {
    return new SilenceListener(
        request, responseTimes.limit(key), () -> startSecondIfOverdue(key), client);
  }

  private static void awaitWinner(CoalescedRequest request, WaitListener client)
      throws IOException {
    boolean known = false;
    try {
      while (!request.awaitWinner(WAIT)) client.stillWaiting();
      known = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException("interrupted while waiting for a node's response", e);
    } finally {
      if (!known) request.removeCaller();
    }
  }

  /// Starts a second request if the one in flight takes too long: to send a response that has
  /// begun, or to begin it where another node can be asked.
  private synchronized void startSecondIfOverdue(CoalescingKey key) {
    RequestQueue queue = queues.get(key);
    if (queue == null || queue.inFlight.size() != 1) return;
    CoalescedRequest first = queue.inFlight.getFirst();
    if (first.hasRespondedFor(responseTimeLimit)) {
      startNext(key, queue);
      return;
    }
    boolean wanted = queue.next != null || first.canUseHelper();
    Optional<Node> silent = first.silentNode(responseTimes.limit(key));
    if (wanted && silent.filter(first::hasAlternativeTo).isPresent()) {
      startBeside(first, silent.get(), key, queue);
    }
  }

  private void startBeside(
      CoalescedRequest silent, Node node, CoalescingKey key, RequestQueue queue) {
    CoalescedRequest second = queue.next == null ? silent.newHelper() : queue.next;
    queue.next = null;
    second.deferNode(node);
    silent.setHelper(second);
    start(key, queue, second);
  }

  private synchronized void requestEnded(CoalescingKey key, CoalescedRequest request) {
    RequestQueue queue = queues.get(key);
    if (queue == null || !queue.inFlight.remove(request)) return;
    if (!queue.inFlight.isEmpty()) {
      startSecondIfOverdue(key);
    } else if (queue.next != null) {
      startNext(key, queue);
    } else {
      queues.remove(key);
    }
  }

  private void startNext(CoalescingKey key, RequestQueue queue) {
    CoalescedRequest next = queue.next;
    if (next == null) return;
    queue.next = null;
    start(key, queue, next);
  }

  private void start(CoalescingKey key, RequestQueue queue, CoalescedRequest request) {
    queue.inFlight.add(request);
    request.start(buffers);
    if (request.isShared()) {
      Thread.ofVirtual().name("ref advertisement").start(() -> runShared(key, request));
    }
  }

  private void runShared(CoalescingKey key, CoalescedRequest request) {
    try {
      request.run(truncationListener, silenceListener(key, request, WaitListener.none()));
    } finally {
      requestEnded(key, request);
    }
  }
}
