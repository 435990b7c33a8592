package packhorse.exchange.refs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import packhorse.exchange.call.RoutedResponse;
import packhorse.kit.RequestFixture;
import packhorse.node.NodeRequest;
import packhorse.request.RefusalException;

/// Clients that send the same request at the same time, each on a thread of its own, and the node
/// that they send it to, which responds when the test lets it.
final class ConcurrentRequests {
  final AdvertisementCoalescer coalescer;
  private final BlockingQueue<Callable<RoutedResponse>> responses = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> receivedRequests = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  ConcurrentRequests(AdvertisementCoalescer coalescer) {
    this.coalescer = coalescer;
  }

  static CoalescingKey key(String target) {
    return new CoalescingKey(
        RequestFixture.fetch().asker(),
        List.of("a"),
        "code.test",
        target,
        Optional.empty(),
        new NodeRequest.NoBody());
  }

  /// Adds the response to the next request that the node receives.
  void respond(Callable<RoutedResponse> response) {
    responses.add(response);
  }

  void respond(String text, String... headers) {
    ListResponse response = ListResponse.of(text.getBytes(StandardCharsets.UTF_8), headers);
    respond(response::routed);
  }

  private RoutedResponse sendToNode(String client) throws RefusalException, IOException {
    receivedRequests.add(client);
    try {
      return responses.take().call();
    } catch (RefusalException | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// Starts a client that sends the request and handles the response.
  <T> FutureTask<T> startClient(String name, ResponseHandler<T> handler) {
    var task =
        new FutureTask<>(
            () -> handler.handle(coalescer.send(key("/app"), name, () -> sendToNode(name))));
    Thread thread = Thread.ofPlatform().daemon().start(task);
    threads.add(thread);
    return task;
  }

  /// Starts a client that reads its response to the end.
  FutureTask<String> startClient(String name) {
    return startClient(name, ConcurrentRequests::readText);
  }

  /// What a client does with its response.
  interface ResponseHandler<T> {
    T handle(RoutedResponse response) throws Exception;
  }

  static String readText(RoutedResponse response) throws IOException {
    try (response) {
      return new String(response.nodeResponse().body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Waits until the node has received the next request; returns the name of its client.
  String awaitRequest() throws InterruptedException {
    return receivedRequests.take();
  }

  /// Whether the node has received a request that [#awaitRequest] has not returned yet.
  boolean hasMoreRequests() {
    return !receivedRequests.isEmpty();
  }

  /// Waits until all clients except the first wait for the start of their shared request.
  void awaitQueuedClients() {
    for (Thread thread : threads.subList(1, threads.size())) awaitQueued(thread);
  }

  // Only a client that waits for the start of its request waits with a time limit.
  private static void awaitQueued(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
  }

  /// Interrupts the client that was started last.
  void interruptLast() {
    threads.getLast().interrupt();
  }
}
