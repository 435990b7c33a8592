package packhorse.http.node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import packhorse.http.io.FailureMessages;
import packhorse.node.HealthProbe;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;
import packhorse.wire.refs.EmptyAdvertisement;

/// Checks over HTTP whether a node is healthy. Made by `Assembly`, called on the threads of the
/// health prober.
public final class HttpHealthProbe implements HealthProbe {
  private static final int OK = 200;
  private static final int JUDGED_BYTES = 1024;

  private final NodeClients clients;
  private final Function<String, ProbeTarget> targets;

  /// What the nodes of a pool are probed with.
  ///
  /// @param path requested first
  /// @param judge decides whether the response to it is that of a healthy node
  /// @param canary a repository that proves that git works: its ref advertisement must be answered
  ///   with status 200, and not be an [EmptyAdvertisement]
  /// @param timeout of each request, from its beginning to the end of its response
  public record ProbeTarget(
      String path, ResponseJudge judge, Optional<String> canary, Duration timeout) {}

  /// Decides whether a node is healthy.
  public interface ResponseJudge {
    /// Why a node that has sent this response is not healthy; empty if it is.
    ///
    /// @param bodyStart the beginning of the body, at most 1024 bytes
    Optional<String> problemOf(int status, String bodyStart);
  }

  private record ProbeResponse(int status, String bodyStart) {}

  /// @param targets by the name of the pool
  public HttpHealthProbe(NodeClients clients, Function<String, ProbeTarget> targets) {
    this.clients = clients;
    this.targets = targets;
  }

  @Override
  public void probe(Node node) throws NodeFailure {
    ProbeTarget target = targets.apply(node.pool());
    ProbeResponse response = request(node, target.path(), target.timeout());
    Optional<String> problem = target.judge().problemOf(response.status(), response.bodyStart());
    if (problem.isPresent()) throw new NodeFailure(node, true, "probe: " + problem.get(), null);
    if (target.canary().isEmpty()) return;
    String refs = "/" + target.canary().get() + ".git/info/refs?service=git-upload-pack";
    ProbeResponse canary = request(node, refs, target.timeout());
    if (canary.status() != OK) {
      throw new NodeFailure(node, true, "canary: status " + canary.status(), null);
    }
    if (EmptyAdvertisement.isEmpty(StandardCharsets.UTF_8.encode(canary.bodyStart()))) {
      throw new NodeFailure(node, true, "canary: no list of refs", null);
    }
  }

  private ProbeResponse request(Node node, String path, Duration timeout) throws NodeFailure {
    NodeRequest request =
        NodeRequest.withoutBody("GET", path, node.http().getRawAuthority(), Headers.empty());
    var timeouts = new NodeTimeouts(timeout, timeout, timeout, timeout);
    var exchange = new NodeExchange(clients, timeouts, node, request);
    // The other timeouts are of silence, and a node that sends a byte now and then is not silent.
    exchange.limitTime(timeout);
    exchange.send();
    try (NodeResponse response = exchange.awaitResponse()) {
      byte[] start = response.body().readNBytes(JUDGED_BYTES);
      response.body().transferTo(OutputStream.nullOutputStream());
      return new ProbeResponse(response.status(), new String(start, StandardCharsets.UTF_8));
    } catch (NodeFailure failure) {
      throw failure;
    } catch (IOException failure) {
      throw new NodeFailure(node, true, FailureMessages.of(failure), failure);
    }
  }
}
