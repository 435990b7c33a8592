package packhorse.http;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.Probe;
import packhorse.request.Headers;

/// Asks a node over HTTP whether it is well. Made by the assembly, called by the probing threads.
public final class HttpProbe implements Probe {
  private final NodeClients clients;
  private final Function<String, Target> targets;

  /// What a pool's nodes are asked for.
  ///
  /// @param path any status below 500 is healthy
  /// @param canary a repository that shows that git works: its list of refs must come with status
  ///   200
  /// @param timeout of one answer
  public record Target(String path, Optional<String> canary, Duration timeout) {}

  /// @param targets by the name of the pool
  public HttpProbe(NodeClients clients, Function<String, Target> targets) {
    this.clients = clients;
    this.targets = targets;
  }

  @Override
  public void probe(Node node) throws NodeFailure {
    Target target = targets.apply(node.pool());
    int status = status(node, target.path(), target.timeout());
    if (status >= 500) throw new NodeFailure(node, true, "probe: status " + status, null);
    if (target.canary().isEmpty()) return;
    String refs = "/" + target.canary().get() + ".git/info/refs?service=git-upload-pack";
    int seen = status(node, refs, target.timeout());
    if (seen != 200) throw new NodeFailure(node, true, "canary: status " + seen, null);
  }

  private int status(Node node, String path, Duration timeout) throws NodeFailure {
    NodeCall call = NodeCall.get("GET", path, node.http().getRawAuthority(), Headers.none());
    var patience = new NodeTimeouts(timeout, timeout, timeout);
    var exchange = new NodeExchange(clients, patience, node, call);
    exchange.send();
    try (NodeAnswer answer = exchange.answer()) {
      answer.body().transferTo(OutputStream.nullOutputStream());
      return answer.status();
    } catch (NodeFailure failure) {
      throw failure;
    } catch (IOException failure) {
      throw new NodeFailure(node, true, FailureWords.of(failure), failure);
    }
  }
}
