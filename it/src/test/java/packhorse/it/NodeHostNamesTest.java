package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.ssh.SharedHostKeys;

/// Nodes whose names are not valid host names, as containers have them.
@ExtendWith(LeakDetector.class)
final class NodeHostNamesTest {
  private static final int USAGE = 2;

  @TempDir Path folder = Path.of("");

  @Test
  void a_nodes_host_name_may_contain_an_underscore() throws IOException {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 git_node\n");
    try (PlainNode node = PlainNode.start(NodeOptions.of(repositories.root()))) {
      ProxyConfig config = ProxyConfig.in(folder).node("one", "http://git_node:" + node.port());
      config.pool("probe: { interval: 1s, canary: acme/app }");
      SharedHostKeys.copyTo(folder.resolve("host-keys"));
      try (var process = new ProxyProcess(config)) {
        process.start(
            process.serveCommand().env("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts));
        GitRunner git = GitRunner.in(folder.resolve("client"));
        git.run("clone", "-q", process.httpUrl("acme/app"), "app").expectSuccess();
        git.at("app").commit("new", "text");
        git.at("app").run("push", "-q", "origin", "HEAD:refs/heads/new").expectSuccess();
        assertThat(repositories.open("acme/app").id("new")).isEqualTo(git.at("app").id("HEAD"));
      }
    }
  }

  @Test
  void a_host_name_with_an_underscore_is_rejected_for_tls() {
    ProxyConfig config = ProxyConfig.in(folder).node("one", "https://git_node:3000");
    CommandResult result =
        ProxyProcess.packhorse(folder, "check", config.write().toString()).run().expectExit(USAGE);
    assertThat(result.stderr())
        .endsWith(
            ": pools.nodes.nodes.one: a certificate cannot be verified for a host name with _; use"
                + " another name\n");
  }
}
