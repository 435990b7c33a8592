package packhorse.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedNodeRequest;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;

/// Runs `git http-backend` for each node request: the responses are git's own, over stateless RPC
/// and without a network.
final class CgiLink implements NodeLink {
  private final Map<String, Path> roots;
  private final boolean knowsV2;
  final List<NodeRequest> requests = Collections.synchronizedList(new ArrayList<>());
  volatile Optional<String> unreachableNode = Optional.empty();
  volatile Predicate<NodeRequest> failingRequests = request -> false;

  /// The body that is sent in place of git's response to a request, if there is one.
  volatile Function<NodeRequest, Optional<String>> bodies = request -> Optional.empty();

  /// How often a node request reports that it still waits for the node, before it is answered.
  volatile int waitNotifications;

  /// @param roots the folder of the repositories of each node, by its name
  CgiLink(Map<String, Path> roots, boolean knowsV2) {
    this.roots = roots;
    this.knowsV2 = knowsV2;
  }

  @Override
  public NodeResponse send(PermittedNodeRequest permitted, WaitListener waitListener)
      throws NodeFailure, ClientGoneException, RefusalException {
    Node node = permitted.node();
    NodeRequest request = permitted.request();
    requests.add(request);
    for (int i = 0; i < waitNotifications; i++) waitListener.stillWaiting();
    if (failingRequests.test(request)) throw new NodeFailure(node, true, "connection reset", null);
    if (unreachableNode.filter(node.name()::equals).isPresent()) {
      throw new NodeFailure(node, false, "connection refused", null);
    }
    try {
      Optional<String> body = bodies.apply(request);
      if (body.isPresent()) {
        return new CgiResponse(node, new ProcessBuilder("printf", "%s", "\n" + body.get()).start());
      }
      Process process = command(node, request).start();
      sendBody(process, request);
      return new CgiResponse(node, process);
    } catch (ClientGoneException e) {
      throw e;
    } catch (IOException e) {
      throw new NodeFailure(node, true, "broken", e);
    }
  }

  private ProcessBuilder command(Node node, NodeRequest request) {
    Path root = Objects.requireNonNull(roots.get(node.name()));
    int query = request.target().indexOf('?');
    String path = query < 0 ? request.target() : request.target().substring(0, query);
    Command command =
        new Command(root, Map.of())
            .with("GIT_PROJECT_ROOT", root.toString())
            .with("GIT_HTTP_EXPORT_ALL", "1")
            .with("GIT_CONFIG_NOSYSTEM", "1")
            .with("HOME", root.toString())
            .with("REMOTE_USER", "proxy")
            .with("REMOTE_ADDR", "127.0.0.1")
            .with("REQUEST_METHOD", request.method())
            .with("PATH_INFO", URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8))
            .with("QUERY_STRING", query < 0 ? "" : request.target().substring(query + 1))
            .with("CONTENT_TYPE", request.headers().firstValue("Content-Type").orElse(""));
    Optional<String> protocol = request.headers().firstValue("Git-Protocol");
    if (knowsV2 && protocol.isPresent())
      command = command.with("HTTP_GIT_PROTOCOL", protocol.get());
    if (request.body() instanceof NodeRequest.BufferedBody body) {
      command = command.with("CONTENT_LENGTH", String.valueOf(body.bytes().size()));
    }
    return command.builder("git", "http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static void sendBody(Process process, NodeRequest request)
      throws IOException, RefusalException {
    OutputStream toNode = process.getOutputStream();
    switch (request.body()) {
      case NodeRequest.NoBody none -> toNode.close();
      case NodeRequest.BufferedBody body -> {
        // On a thread of its own, because git may respond before it has read all of the body.
        Thread.ofVirtual().start(() -> write(body, toNode));
      }
      case NodeRequest.StreamedBody body -> {
        try {
          body.writer().writeTo(toNode);
          toNode.close();
        } catch (IOException | RefusalException e) {
          process.destroyForcibly();
          throw e;
        }
      }
    }
  }

  private static void write(NodeRequest.BufferedBody body, OutputStream toNode) {
    try (toNode) {
      body.bytes().writeTo(toNode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
      if (c != '\r') line.append((char) c);
    return line.toString();
  }
}
