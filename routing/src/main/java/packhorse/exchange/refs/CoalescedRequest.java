package packhorse.exchange.refs;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;

/// One request to a node and the callers that get its response. The set of callers is fixed when
/// the request starts. A request with one caller is sent on the thread of that caller; a shared one
/// runs on a thread of its own, so that any caller may leave, including the first.
///
/// A request whose node is silent may get a helper: a later request to another node. The callers
/// get whichever response comes first, which is no older than their own requests, because the
/// helper started after them.
final class CoalescedRequest {
  private final String requestId;
  private final RequestSender sender;
  private final CountDownLatch started = new CountDownLatch(1);
  private final OnceSetValue<RequestResult> result = new OnceSetValue<>();
  private final OnceSetValue<CoalescedRequest> winner = new OnceSetValue<>();
  private final Consumer<Duration> responseTimeListener;
  private int callers;
  private volatile int helpedCallers;
  private volatile int sharers;
  private @Nullable CoalescedRequest helper;
  private volatile @Nullable CoalescedRequest helped;
  private volatile Optional<Node> silentNode = Optional.empty();
  private volatile @Nullable FanOutBuffer buffer;
  private volatile @Nullable Attempt attempt;

  /// The node that is asked now, and since when.
  private record Attempt(Node node, long startNanos) {
    Duration age() {
      return Duration.ofNanos(System.nanoTime() - startNanos);
    }
  }

  /// The result of the request.
  private sealed interface RequestResult {}

  /// The response has begun; if the request is shared, its body goes through the buffer.
  private record Responded(RoutedResponse response, long startNanos) implements RequestResult {}

  /// The response is for one client only, so each caller must send a request of its own.
  private record PersonalResponse() implements RequestResult {}

  /// There is no response.
  private record RequestFailure(Exception cause) implements RequestResult {}

  /// @param requestId the id of the client's request that the node sees
  /// @param sender sends the request if it is shared
  /// @param callers one, or none for a helper
  private CoalescedRequest(
      String requestId,
      RequestSender sender,
      Consumer<Duration> responseTimeListener,
      int callers) {
    this.requestId = requestId;
    this.sender = sender;
    this.responseTimeListener = responseTimeListener;
    this.callers = callers;
  }

  /// A request for its first caller.
  ///
  /// @param responseTimeListener called with the time that the node took until its response
  static CoalescedRequest forCaller(
      String requestId, RequestSender sender, Consumer<Duration> responseTimeListener) {
    return new CoalescedRequest(requestId, sender, responseTimeListener, 1);
  }

  /// A request for the callers of this one only.
  CoalescedRequest newHelper() {
    return new CoalescedRequest(requestId, sender, responseTimeListener, 0);
  }

  /// Adds a caller, before the start.
  synchronized void join() {
    callers++;
  }

  /// Removes a caller, before the start. Returns whether no caller is left.
  synchronized boolean leave() {
    return --callers == 0;
  }

  /// Sets the node that has not answered an equal request yet, before the start.
  void deferNode(Node node) {
    silentNode = Optional.of(node);
  }

  /// Makes another request, which has not started yet, the helper of this one, unless this one has
  /// no use for it.
  synchronized void setHelper(CoalescedRequest other) {
    if (!canUseHelper()) return;
    // Nobody reads the server error of an earlier helper.
    for (int i = 0; helper != null && i < callers; i++) helper.cancelReader();
    helper = other;
    other.helped = this;
    other.helpedCallers = callers;
  }

  /// Lets the callers know that the request starts.
  synchronized void start(FanOutBufferFactory buffers) {
    sharers = callers + helpedCallers;
    if (helpedCallers > 0 || callers != 1) buffer = buffers.create(sharers);
    started.countDown();
  }

  /// Whether there are callers that nobody helps yet.
  synchronized boolean canUseHelper() {
    return callers > 0 && !winner.isSet() && !isHelped();
  }

  /// Whether a helper is under way, or has responded.
  synchronized boolean isHelped() {
    return helper != null && (!helper.result.isSet() || helper.hasHelped());
  }

  // A server error is no help: the silent node may still do better.
  private boolean hasHelped() {
    return result
        .get()
        .filter(known ->
            switch (known) {
              case Responded responded -> responded.response().nodeResponse().status() < 500;
              case PersonalResponse personal -> true;
              case RequestFailure failure -> false;
            })
        .isPresent();
  }

  /// Whether another node than this could be asked, too.
  boolean hasAlternativeTo(Node node) {
    return sender.hasAlternativeTo(node);
  }

  /// Waits for the start; returns false if the time is over before.
  boolean awaitStart(Duration time) throws InterruptedException {
    return started.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Whether the request is sent on a thread of its own, by [#run].
  boolean isShared() {
    return buffer != null;
  }

  /// Records that the wait for a node begins.
  void nodeAsked(Node node) {
    attempt = new Attempt(node, System.nanoTime());
  }

  /// How long the node that is asked now has been silent.
  Duration silence() {
    Attempt current = attempt;
    return current == null || result.isSet() ? Duration.ZERO : current.age();
  }

  /// The node that is asked now, if it has been silent for at least this long.
  Optional<Node> silentNode(Duration time) {
    return Optional.ofNullable(attempt)
        .map(Attempt::node)
        .filter(node -> silence().compareTo(time) >= 0);
  }

  /// Whether the response began at least this long ago.
  boolean hasRespondedFor(Duration time) {
    return result.get().orElse(null) instanceof Responded responded
        && System.nanoTime() - responded.startNanos() >= time.toNanos();
  }

  /// Whether nobody waits for the response any more.
  boolean isUnwanted() {
    FanOutBuffer shared = buffer;
    return shared == null
        ? winner.get().filter(other -> other != this).isPresent()
        : shared.isAbandoned();
  }

  /// Sends a request that is not shared, on the thread of its caller.
  ///
  /// @return the response; empty if the helper responded first, or may still respond
  Optional<RoutedResponse> sendUnshared(RequestSender ownSender, WaitListener waitListener)
      throws RefusalException, IOException {
    try {
      RoutedResponse response = ownSender.send(silentNode, waitListener);
      complete(responded(response));
      if (isWinner()) {
        removeCaller(this);
        return Optional.of(response);
      }
      response.close();
    } catch (RefusalException | IOException | RuntimeException e) {
      complete(new RequestFailure(e));
      if (isWinner()) {
        removeCaller(this);
        throw e;
      }
    }
    return Optional.empty();
  }

  /// Sends a shared request and passes its response to all callers; returns when the response has
  /// ended.
  ///
  /// @param truncationListener called for a node that breaks the connection within its response
  void run(Consumer<NodeFailure> truncationListener, WaitListener waitListener) {
    try (RoutedResponse response = sender.send(silentNode, waitListener)) {
      if (CoalescedResponse.isPersonal(response.nodeResponse())) {
        complete(new PersonalResponse());
      } else {
        complete(responded(response));
        new BufferFiller(sharedBuffer(), truncationListener).fill(response);
      }
    } catch (RefusalException | IOException | RuntimeException e) {
      complete(new RequestFailure(e));
    } finally {
      complete(new RequestFailure(new IllegalStateException("the shared request has no response")));
    }
  }

  private Responded responded(RoutedResponse response) {
    Attempt last = attempt;
    // A response that comes after that of the helper would be taken for a usual one.
    if (last != null && response.isOk() && !isUnwanted()) responseTimeListener.accept(last.age());
    return new Responded(response, System.nanoTime());
  }

  // Only the first call counts.
  private void complete(RequestResult known) {
    if (!result.set(known)) return;
    chooseWinner();
    CoalescedRequest first = helped;
    if (first != null) first.chooseWinner();
  }

  /// Chooses between this request and its helper, once one of them has a response or both have
  /// failed.
  private synchronized void chooseWinner() {
    CoalescedRequest second = helper;
    boolean failed = result.get().orElse(null) instanceof RequestFailure;
    if (result.isSet() && !failed) {
      winner.set(this);
    } else if (second != null && second.result.isSet() && second.hasHelped()) {
      winner.set(second);
    } else if (failed && (second == null || second.result.isSet())) {
      winner.set(this);
    }
  }

  private boolean isWinner() {
    return winner.get().filter(other -> other == this).isPresent();
  }

  /// Waits until it is known which request the callers get their response from; returns false if
  /// the time is over before.
  boolean awaitWinner(Duration time) throws InterruptedException {
    return winner.await(time);
  }

  /// Returns the response for one of the callers, after [#awaitWinner].
  ///
  /// @param ownSender sends a request on behalf of this caller, for a response that cannot be
  ///   shared
  RoutedResponse responseFor(RequestSender ownSender, WaitListener waitListener)
      throws RefusalException, IOException {
    CoalescedRequest first = winner.get().orElseThrow();
    removeCaller(first);
    return first.read(ownSender, waitListener);
  }

  /// Removes a caller that has left, after the start.
  void removeCaller() {
    removeCaller(null);
  }

  // Of the two requests that may serve the caller, it reads the response of one at most.
  private void removeCaller(@Nullable CoalescedRequest read) {
    CoalescedRequest second;
    synchronized (this) {
      callers--;
      second = helper;
    }
    if (read != this) cancelReader();
    if (second != null && second != read) second.cancelReader();
  }

  // A caller of the request that this one helps may leave before this one has started.
  private synchronized void cancelReader() {
    FanOutBuffer shared = buffer;
    if (shared != null) {
      shared.cancelReader();
    } else if (started.getCount() > 0) {
      helpedCallers--;
    }
  }

  private RoutedResponse read(RequestSender ownSender, WaitListener waitListener)
      throws RefusalException, IOException {
    RequestResult known = result.get().orElseThrow();
    if (known instanceof Responded responded) return sharedResponse(responded.response());
    cancelReader();
    if (known instanceof RequestFailure(Exception cause)) throw copyOf(cause);
    return ownSender.send(silentNode, waitListener);
  }

  private RoutedResponse sharedResponse(RoutedResponse shared) {
    String sharing = sharers > 1 ? ", asked once for " + sharers + " as request " + requestId : "";
    String reason = shared.route().reason() + sharing;
    var response =
        new CoalescedResponse(
            shared.nodeResponse(), sharedBuffer().reader(shared.nodeResponse().node()));
    return new RoutedResponse(shared.route().withReason(reason), response, shared.attempts())
        .withObserver(AnswerObserver.resultOf(shared.observer()::result));
  }

  private FanOutBuffer sharedBuffer() {
    FanOutBuffer shared = buffer;
    if (shared == null) throw new IllegalStateException("the request is not shared");
    return shared;
  }

  // Each caller throws an exception of its own, because its stack trace belongs to one thread.
  private static IOException copyOf(Exception cause) throws RefusalException {
    return switch (cause) {
      case RefusalException refused -> throw new RefusalException(refused.refusal());
      case IOException failure -> new IOException(failure.getMessage(), failure);
      default -> throw new IllegalStateException("the shared request failed", cause);
    };
  }
}
