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
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Sizes;

/// Packs are what a node pays for, so packs are what is counted.
@Tag("counted")
@ExtendWith(Leaks.class)
final class SpreadTest {
  @TempDir Path folder = Path.of("");

  @Test
  void clones_with_a_password_give_every_node_its_share_of_packs() {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    NodeOptions options = NodeOptions.of(repositories.root()).users(Map.of("ann", "straw"));
    List<PlainNode> nodes = new ArrayList<>();
    ProxyText text = ProxyText.in(folder);
    for (String name : List.of("one", "two", "three")) {
      nodes.add(PlainNode.start(options));
      text.node(name, nodes.getLast().url());
    }
    int clones = Sizes.pick(24, 200);
    try (RunningProxy proxy = RunningProxy.start(text)) {
      String url = proxy.http("acme/app").replace("http://", "http://ann:straw@");
      for (int i = 0; i < clones; i++) {
        GitRunner.in(folder.resolve("client"))
            // in v0 a clone is one POST: its pack
            .protocol(0)
            .git("clone", "-q", "--bare", url, "app" + i)
            .expectSuccess();
      }
    } finally {
      nodes.forEach(PlainNode::close);
    }
    for (PlainNode node : nodes) {
      long packs = node.requests(SeenRequest::fetchPost).stream().filter(this::pack).count();
      assertThat((double) packs).isBetween(clones / 3.0 * 0.95 - 1, clones / 3.0 * 1.05 + 1);
    }
  }

  private boolean pack(SeenRequest request) {
    return request.status() == 200;
  }
}
