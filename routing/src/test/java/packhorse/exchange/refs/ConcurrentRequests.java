package packhorse.exchange.refs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import packhorse.exchange.call.RoutedResponse;
import packhorse.kit.RequestFixture;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeRequest;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;

/// Clients that send the same request at the same time, each on a thread of its own, and the nodes
/// that they send it to, which respond when the test lets them. A request goes to node `a`, or to
/// node `b` if `a` is silent.
final class ConcurrentRequests {
  /// A target other than that of [#startClient]: its requests have another key.
  static final String OTHER_TARGET = "/other";

  final AdvertisementCoalescer coalescer;
  private final Map<String, BlockingQueue<Callable<RoutedResponse>>> responses =
      new ConcurrentHashMap<>();
  private final BlockingQueue<String> receivedRequests = new LinkedBlockingQueue<>();
  private final List<String> abandonedRequests = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Set<String> goneClients = ConcurrentHashMap.newKeySet();
  private volatile boolean hasAlternative;

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

  /// Lets node `b` be asked while `a` is silent.
  void allowSecondNode() {
    hasAlternative = true;
  }

  /// Adds the response to the next request that node `a` receives.
  void respond(Callable<RoutedResponse> response) {
    respondFrom("a", response);
  }

  void respond(String text, String... headers) {
    respondFrom("a", text, headers);
  }

  /// Adds the response to the next request that a node receives.
  ///
  /// @param node `a` or `b`, or [#OTHER_TARGET] for the next request for that target at any node
  void respondFrom(String node, Callable<RoutedResponse> response) {
    responsesOf(node).add(response);
  }

  void respondFrom(String node, String text, String... headers) {
    ListResponse response = ListResponse.of(text.getBytes(StandardCharsets.UTF_8), headers);
    respondFrom(node, response::routed);
  }

  private BlockingQueue<Callable<RoutedResponse>> responsesOf(String node) {
    return responses.computeIfAbsent(node, _ -> new LinkedBlockingQueue<>());
  }

  /// The request of one client.
  private final class ClientRequest implements RequestSender {
    private final String target;
    private final String client;

    ClientRequest(String target, String client) {
      this.target = target;
      this.client = client;
    }

    @Override
    public boolean hasAlternativeTo(Node node) {
      return hasAlternative && node.name().equals("a");
    }

    @Override
    public RoutedResponse send(Optional<Node> silentNode, WaitListener listener)
        throws RefusalException, IOException {
      String node = silentNode.isPresent() ? "b" : "a";
      listener.nodeAsked(RequestFixture.node(node));
      receivedRequests.add(client + (silentNode.isPresent() ? " at b" : ""));
      try {
        return awaitResponse(responsesOf(target.equals(OTHER_TARGET) ? target : node), listener)
            .call();
      } catch (ClientGoneException gone) {
        abandonedRequests.add(client);
        throw gone;
      } catch (RefusalException | IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    private static Callable<RoutedResponse> awaitResponse(
        BlockingQueue<Callable<RoutedResponse>> responses, WaitListener listener)
        throws IOException, InterruptedException {
      while (true) {
        long nanos = listener.timeToNextCall().toNanos();
        Callable<RoutedResponse> response = responses.poll(nanos, TimeUnit.NANOSECONDS);
        if (response != null) return response;
        listener.stillWaiting();
      }
    }
  }

  /// Starts a client that sends the request and handles the response.
  <T> FutureTask<T> startClient(String name, ResponseHandler<T> handler) {
    var task = new FutureTask<>(() -> handler.handle(send("/app", name)));
    Thread thread = Thread.ofPlatform().daemon().start(task);
    threads.add(thread);
    return task;
  }

  /// Sends a request on the calling thread.
  RoutedResponse send(String target, String name) throws RefusalException, IOException {
    WaitListener presence = WaitListener.none().withCheck(() -> requirePresent(name));
    return coalescer.send(key(target), name, new ClientRequest(target, name), presence);
  }

  private void requirePresent(String client) throws ClientGoneException {
    if (goneClients.contains(client)) throw new ClientGoneException(client + " has left");
  }

  /// Starts a client that reads its response to the end.
  FutureTask<String> startClient(String name) {
    return startClient(name, ConcurrentRequests::readText);
  }

  /// Makes a client leave.
  void leave(String client) {
    goneClients.add(client);
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

  /// Waits until a node has received the next request; returns the name of its client.
  String awaitRequest() throws InterruptedException {
    return receivedRequests.take();
  }

  /// Whether a node has received a request that [#awaitRequest] has not returned yet.
  boolean hasMoreRequests() {
    return !receivedRequests.isEmpty();
  }

  /// The clients whose requests a node had received when they were abandoned.
  List<String> abandonedRequests() {
    return abandonedRequests;
  }

  /// Waits until all clients except the first wait for the start of their shared request.
  void awaitQueuedClients() {
    for (Thread thread : threads.subList(1, threads.size())) awaitQueued(thread);
  }

  /// Waits until the client that was started last waits for the start of its request.
  void awaitLastQueued() {
    awaitQueued(threads.getLast());
  }

  private static void awaitQueued(Thread thread) {
    while (!isQueued(thread)) Thread.onSpinWait();
  }

  private static boolean isQueued(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING
        && Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("awaitStart"));
  }

  /// Interrupts the client that was started last.
  void interruptLast() {
    threads.getLast().interrupt();
  }
}
