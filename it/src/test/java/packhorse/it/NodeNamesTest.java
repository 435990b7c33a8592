package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Served;
import packhorse.it.kit.SharedHostKeys;

/// Nodes by names that are no host names, as containers have them.
@ExtendWith(Leaks.class)
final class NodeNamesTest {
  private static final int USAGE = 2;

  @TempDir Path folder = Path.of("");

  @Test
  void a_node_may_have_an_underscore_in_its_name() throws IOException {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 git_node\n");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      ProxyText text = ProxyText.in(folder).node("one", "http://git_node:" + node.port());
      text.pool("probe: { interval: 1s, canary: acme/app }");
      SharedHostKeys.copyTo(folder.resolve("host-keys"));
      try (var served = new Served(text)) {
        served.start(served.command().env("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts));
        GitRunner git = GitRunner.in(folder.resolve("client"));
        git.git("clone", "-q", served.http("acme/app"), "app").expectSuccess();
        git.at("app").commit("new", "text");
        git.at("app").git("push", "-q", "origin", "HEAD:refs/heads/new").expectSuccess();
        assertThat(repositories.open("acme/app").id("new")).isEqualTo(git.at("app").id("HEAD"));
      }
    }
  }

  @Test
  void over_tls_such_a_name_is_refused_in_words() {
    ProxyText text = ProxyText.in(folder).node("one", "https://git_node:3000");
    Ran ran = Served.program(folder, "check", text.write().toString()).run().expectExit(USAGE);
    assertThat(ran.stderr())
        .endsWith(
            ": pools.nodes.nodes.one: no certificate can be checked for a name with _: give the"
                + " node another name\n");
  }
}
