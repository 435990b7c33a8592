package packhorse.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.PermittedCall;
import packhorse.node.Silence;
import packhorse.request.Refused;
import packhorse.wire.WireText;

/// Nodes that follow a script, and write down what they heard. A node whose script is at its end
/// does the last step again. For one test's thread.
public final class ScriptedLink implements NodeLink {
  private final Map<String, Deque<Step>> scripts = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<ScriptedAnswer> open = new ArrayList<>();

  /// One call as a node heard it; the body as far as it came.
  public record Call(String node, NodeCall call, String body) {}

  /// What a node does with one call.
  public sealed interface Step {}

  /// The node is not there: nothing of the request is sent.
  public record Unreachable() implements Step {}

  /// The node reads everything and breaks the connection.
  public record Breaks() implements Step {}

  /// The node answers.
  ///
  /// @param brokenAfter whether the body breaks off behind these bytes
  public record Answers(int status, List<String> headers, String body, boolean brokenAfter)
      implements Step {}

  /// The node is silent for so long that whoever waits is told so many times, and then does
  /// something.
  public record Silent(int times, Step then) implements Step {}

  public static Step silent(int times, Step then) {
    return new Silent(times, then);
  }

  public static Step unreachable() {
    return new Unreachable();
  }

  public static Step breaks() {
    return new Breaks();
  }

  public static Step answers(int status, String body, String... headers) {
    return new Answers(status, List.of(headers), body, false);
  }

  public static Step breaksAfter(String body) {
    return new Answers(200, List.of(), body, true);
  }

  /// What a node does, call by call.
  public ScriptedLink script(String node, Step... steps) {
    scripts.put(node, new ArrayDeque<>(List.of(steps)));
    return this;
  }

  @Override
  public NodeAnswer ask(PermittedCall permitted, Silence silence)
      throws NodeFailure, ClientGone, Refused {
    Node node = permitted.node();
    NodeCall call = permitted.call();
    Deque<Step> script = scripts.getOrDefault(node.name(), new ArrayDeque<>());
    if (script.isEmpty()) throw new AssertionError("nobody expected a call of " + node.name());
    Step step = script.size() > 1 ? script.removeFirst() : script.getFirst();
    if (step instanceof Unreachable) {
      calls.add(new Call(node.name(), call, ""));
      throw new NodeFailure(node, false, "connection refused", null);
    }
    calls.add(new Call(node.name(), call, body(call)));
    if (step instanceof Silent(int times, Step then)) {
      for (int i = 0; i < times; i++) silence.goesOn();
      return answer(node, then);
    }
    return answer(node, step);
  }

  private NodeAnswer answer(Node node, Step step) throws NodeFailure {
    if (!(step instanceof Answers answers)) {
      throw new NodeFailure(node, true, "connection reset", null);
    }
    var answer = new ScriptedAnswer(node, answers);
    open.add(answer);
    return answer;
  }

  private static String body(NodeCall call) throws ClientGone, Refused {
    return switch (call.body()) {
      case NodeCall.None none -> "";
      case NodeCall.Whole whole -> whole.bytes().text();
      case NodeCall.Stream stream -> fed(stream);
    };
  }

  private static String fed(NodeCall.Stream stream) throws ClientGone, Refused {
    var toNode = new ByteArrayOutputStream();
    try {
      stream.feeder().feed(toNode);
    } catch (ClientGone gone) {
      throw gone;
    } catch (IOException gone) {
      throw new ClientGone("the body ended early", gone);
    }
    return WireText.text(toNode.toByteArray());
  }

  /// All calls in their order.
  public List<Call> calls() {
    return calls;
  }

  /// The nodes that were called, in order.
  public List<String> called() {
    return calls.stream().map(Call::node).toList();
  }

  /// Whether every answer was closed, as whoever asks must do.
  public boolean allClosed() {
    return open.stream().allMatch(ScriptedAnswer::closed);
  }
}
