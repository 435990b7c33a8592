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
import java.util.function.Predicate;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.PermittedCall;
import packhorse.node.Silence;
import packhorse.request.Refused;

/// Nodes that are {@code git http-backend} itself, started for each call: what git really answers
/// over stateless RPC, without a network.
final class CgiLink implements NodeLink {
  private final Map<String, Path> roots;
  private final boolean knowsV2;
  final List<NodeCall> calls = Collections.synchronizedList(new ArrayList<>());
  volatile Optional<String> down = Optional.empty();
  volatile Predicate<NodeCall> failing = call -> false;

  /// How many times whoever waits for a pack is told that a node is silent.
  volatile int silent;

  /// @param roots of the repositories of each node, by its name
  CgiLink(Map<String, Path> roots, boolean knowsV2) {
    this.roots = roots;
    this.knowsV2 = knowsV2;
  }

  @Override
  public NodeAnswer ask(PermittedCall permitted, Silence silence)
      throws NodeFailure, ClientGone, Refused {
    Node node = permitted.node();
    NodeCall call = permitted.call();
    calls.add(call);
    for (int i = 0; i < silent; i++) silence.goesOn();
    if (failing.test(call)) throw new NodeFailure(node, true, "connection reset", null);
    if (down.filter(node.name()::equals).isPresent()) {
      throw new NodeFailure(node, false, "connection refused", null);
    }
    try {
      Process process = command(node, call).start();
      fed(process, call);
      return new CgiAnswer(node, process);
    } catch (ClientGone gone) {
      throw gone;
    } catch (IOException e) {
      throw new NodeFailure(node, true, "broken", e);
    }
  }

  private ProcessBuilder command(Node node, NodeCall call) {
    Path root = Objects.requireNonNull(roots.get(node.name()));
    int query = call.target().indexOf('?');
    String path = query < 0 ? call.target() : call.target().substring(0, query);
    Command command =
        new Command(root, Map.of())
            .with("GIT_PROJECT_ROOT", root.toString())
            .with("GIT_HTTP_EXPORT_ALL", "1")
            .with("GIT_CONFIG_NOSYSTEM", "1")
            .with("HOME", root.toString())
            .with("REMOTE_USER", "proxy")
            .with("REMOTE_ADDR", "127.0.0.1")
            .with("REQUEST_METHOD", call.method())
            .with("PATH_INFO", URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8))
            .with("QUERY_STRING", query < 0 ? "" : call.target().substring(query + 1))
            .with("CONTENT_TYPE", call.headers().first("Content-Type").orElse(""));
    Optional<String> protocol = call.headers().first("Git-Protocol");
    if (knowsV2 && protocol.isPresent())
      command = command.with("HTTP_GIT_PROTOCOL", protocol.get());
    if (call.body() instanceof NodeCall.Whole whole) {
      command = command.with("CONTENT_LENGTH", String.valueOf(whole.bytes().size()));
    }
    return command.builder("git", "http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static void fed(Process process, NodeCall call) throws IOException, Refused {
    OutputStream toNode = process.getOutputStream();
    switch (call.body()) {
      case NodeCall.None none -> toNode.close();
      case NodeCall.Whole whole -> {
        // git may answer before it has read everything
        Thread.ofVirtual().start(() -> written(whole, toNode));
      }
      case NodeCall.Stream stream -> {
        try {
          stream.feeder().feed(toNode);
          toNode.close();
        } catch (IOException | Refused e) {
          process.destroyForcibly();
          throw e;
        }
      }
    }
  }

  private static void written(NodeCall.Whole whole, OutputStream toNode) {
    try (toNode) {
      whole.bytes().writeTo(toNode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
      if (c != '\r') line.append((char) c);
    return line.toString();
  }
}
