package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// Load balancing counts packs, because packs are the work of a node.
@Tag("counted")
@ExtendWith(LeakDetector.class)
final class LoadBalancingTest {
  @TempDir Path folder = Path.of("");

  @Test
  void authenticated_clones_are_spread_evenly_over_the_nodes() {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    NodeOptions options = NodeOptions.of(repositories.root()).withUsers(Map.of("ann", "straw"));
    List<PlainNode> nodes = new ArrayList<>();
    ProxyConfig config = ProxyConfig.in(folder);
    for (String name : List.of("one", "two", "three")) {
      nodes.add(PlainNode.start(options));
      config.node(name, nodes.getLast().url());
    }
    int clones = TestProfile.pick(24, 200);
    try (RunningProxy proxy = RunningProxy.start(config)) {
      String url = proxy.httpUrl("acme/app").replace("http://", "http://ann:straw@");
      for (int i = 0; i < clones; i++) {
        GitRunner.in(folder.resolve("client"))
            // In protocol v0 a clone is a single POST, which gets the pack.
            .protocol(0)
            .run("clone", "-q", "--bare", url, "app" + i)
            .expectSuccess();
      }
    } finally {
      nodes.forEach(PlainNode::close);
    }
    for (PlainNode node : nodes) {
      long packs =
          node.requests(RecordedRequest::isUploadPackPost).stream()
              .filter(this::isSuccessful)
              .count();
      assertThat((double) packs).isBetween(clones / 3.0 * 0.95 - 1, clones / 3.0 * 1.05 + 1);
    }
  }

  private boolean isSuccessful(RecordedRequest request) {
    return request.status() == 200;
  }
}
