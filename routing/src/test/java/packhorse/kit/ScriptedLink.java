package packhorse.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedNodeRequest;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;
import packhorse.wire.WireText;

/// A link to nodes that follow a script and record the requests that they receive. A node whose
/// script has ended repeats the last step. For one test's thread.
public final class ScriptedLink implements NodeLink {
  private final Map<String, Deque<Step>> scripts = new HashMap<>();
  private final List<ReceivedRequest> requests = new ArrayList<>();
  private final Map<String, Runnable> requestActions = new HashMap<>();
  private int startedRequests;
  private final List<ScriptedResponse> responses = new ArrayList<>();

  /// A request as a node received it, with as much of the body as was sent.
  public record ReceivedRequest(String node, NodeRequest request, String body) {}

  /// What a node does with one request.
  public sealed interface Step {}

  /// The node refuses the connection: nothing of the request is sent.
  public record ConnectionRefused() implements Step {}

  /// The node reads the whole request and resets the connection.
  public record ConnectionReset() implements Step {}

  /// The node responds.
  ///
  /// @param truncated whether the connection breaks after the body
  public record Response(int status, List<String> headers, String body, boolean truncated)
      implements Step {}

  /// The node is silent until the wait listener has been called so many times, and then takes
  /// another step.
  public record Delay(int times, Step then) implements Step {}

  public static Step delayed(int times, Step then) {
    return new Delay(times, then);
  }

  public static Step refusesConnection() {
    return new ConnectionRefused();
  }

  public static Step resetsConnection() {
    return new ConnectionReset();
  }

  public static Step responds(int status, String body, String... headers) {
    return new Response(status, List.of(headers), body, false);
  }

  public static Step truncatesAfter(String body) {
    return new Response(200, List.of(), body, true);
  }

  /// Sets what a node does with each request, in order.
  public ScriptedLink script(String node, Step... steps) {
    scripts.put(node, new ArrayDeque<>(List.of(steps)));
    return this;
  }

  /// Runs an action whenever this node has received a request.
  public void onRequestTo(String node, Runnable action) {
    requestActions.put(node, action);
  }

  @Override
  public NodeResponse send(PermittedNodeRequest permitted, WaitListener listener)
      throws NodeFailure, ClientGoneException, RefusalException {
    Node node = permitted.node();
    NodeRequest request = permitted.request();
    startedRequests++;
    Deque<Step> script = scripts.getOrDefault(node.name(), new ArrayDeque<>());
    if (script.isEmpty()) throw new AssertionError("unexpected request to node " + node.name());
    Step step = script.size() > 1 ? script.removeFirst() : script.getFirst();
    if (step instanceof ConnectionRefused) {
      requests.add(new ReceivedRequest(node.name(), request, ""));
      throw new NodeFailure(node, false, "connection refused", null);
    }
    requests.add(new ReceivedRequest(node.name(), request, body(request)));
    requestActions.getOrDefault(node.name(), () -> {}).run();
    if (step instanceof Delay(int times, Step then)) {
      for (int i = 0; i < times; i++) listener.stillWaiting();
      return respond(node, then);
    }
    return respond(node, step);
  }

  private NodeResponse respond(Node node, Step step) throws NodeFailure {
    if (!(step instanceof Response scripted)) {
      throw new NodeFailure(node, true, "connection reset", null);
    }
    var response = new ScriptedResponse(node, scripted);
    responses.add(response);
    return response;
  }

  private static String body(NodeRequest request) throws ClientGoneException, RefusalException {
    return switch (request.body()) {
      case NodeRequest.NoBody none -> "";
      case NodeRequest.BufferedBody buffered -> buffered.bytes().text();
      case NodeRequest.StreamedBody streamed -> write(streamed);
    };
  }

  private static String write(NodeRequest.StreamedBody body)
      throws ClientGoneException, RefusalException {
    var toNode = new ByteArrayOutputStream();
    try {
      body.writer().writeTo(toNode);
    } catch (ClientGoneException e) {
      throw e;
    } catch (IOException e) {
      throw new ClientGoneException("the body ended early", e);
    }
    return WireText.text(toNode.toByteArray());
  }

  /// The number of requests, with the one whose body is still being read.
  public int startedRequests() {
    return startedRequests;
  }

  /// All requests, in order.
  public List<ReceivedRequest> requests() {
    return requests;
  }

  /// The names of the nodes that received the requests, in order.
  public List<String> requestedNodes() {
    return requests.stream().map(ReceivedRequest::node).toList();
  }

  /// Whether every response was closed, as the caller of [#send] must do.
  public boolean allResponsesClosed() {
    return responses.stream().allMatch(ScriptedResponse::closed);
  }
}
