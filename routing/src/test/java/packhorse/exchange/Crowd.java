package packhorse.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import packhorse.kit.Sample;
import packhorse.node.NodeCall;
import packhorse.request.Headers;
import packhorse.request.Refused;

/// Clients that ask the same question at the same time, each on a thread of its own, and the node
/// that they ask: it answers when the test lets it.
final class Crowd {
  final SharedAsks asks;
  private final BlockingQueue<Callable<Asked>> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  Crowd(SharedAsks asks) {
    this.asks = asks;
  }

  static Question question(String target) {
    var call = NodeCall.get("GET", target, "code.test", Headers.none());
    return Question.of(Sample.fetch().permit(), call);
  }

  /// What the node says next.
  void answer(Callable<Asked> answer) {
    answers.add(answer);
  }

  void answer(String text, String... headers) {
    ListAnswer list = ListAnswer.of(text.getBytes(StandardCharsets.UTF_8), headers);
    answer(list::asked);
  }

  private Asked ask(String who) throws Refused, IOException {
    heard.add(who);
    try {
      return answers.take().call();
    } catch (Refused | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// A client that asks, and does something with what it gets.
  <T> FutureTask<T> client(String who, Use<T> use) {
    var task = new FutureTask<>(() -> use.of(asks.ask(question("/app"), who, () -> this.ask(who))));
    Thread thread = Thread.ofPlatform().daemon().start(task);
    threads.add(thread);
    return task;
  }

  /// A client that reads its answer to the end.
  FutureTask<String> client(String who) {
    return client(who, Crowd::text);
  }

  /// What a client does with its answer.
  interface Use<T> {
    T of(Asked asked) throws Exception;
  }

  static String text(Asked asked) throws IOException {
    try (asked) {
      return new String(asked.answer().body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// Waits until the node has heard the next ask; returns whose words it heard.
  String heard() throws InterruptedException {
    return heard.take();
  }

  boolean heardMore() {
    return !heard.isEmpty();
  }

  /// Waits until the clients that came after the first wait for their turn.
  void waiting() {
    for (Thread thread : threads.subList(1, threads.size())) waiting(thread);
  }

  // only who waits for its turn waits for a time
  private static void waiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
  }

  /// Interrupts the last client.
  void interruptLast() {
    threads.getLast().interrupt();
  }
}
