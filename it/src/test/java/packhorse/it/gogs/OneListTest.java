package packhorse.it.gogs;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.GogsRules;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// A conversation in protocol v2 costs a node that speaks v0 one list of refs, and no list is older
/// than the first request of its conversation.
@ExtendWith(LeakDetector.class)
final class OneListTest {
  private static final GogsRules RULES =
      new GogsRules(
          Map.of("ann", "a1"),
          Map.of(),
          Map.of("acme/app", new GogsRules.Rights(true, Set.of(), Set.of("ann"))),
          true);
  private static final String LS_REFS =
      pkt("command=ls-refs\n") + "0001" + pkt("ref-prefix refs/heads/main\n") + "0000";

  private final Path folder;
  private final Repository repository;
  private final PlainNode node;
  private final SshKey key;
  private final RunningProxy proxy;

  OneListTest(@TempDir Path folder) {
    this.folder = folder;
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repository = repositories.sample("acme/app");
    node = PlainNode.start(NodeOptions.of(repositories.root()).asGogs(RULES));
    key = SshKey.ed25519(folder, "alice");
    proxy =
        RunningProxy.start(
            ProxyConfig.in(folder).kind("gogs").node("one", node.url()).user("alice", key));
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  private long listCount() {
    return node.requests(RecordedRequest::isAdvertisement).size();
  }

  @Test
  void a_clone_costs_one_list() {
    OpenSshClient ssh =
        OpenSshClient.acceptNewHostKey(
            key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts"));
    GitRunner git = GitRunner.in(folder.resolve("git")).ssh(ssh);
    git.run("clone", "-q", proxy.httpUrl("acme/app"), "http").expectSuccess();
    assertThat(listCount()).isEqualTo(1);
    git.run("clone", "-q", proxy.sshUrl("acme/app"), "ssh").expectSuccess();
    assertThat(listCount()).isEqualTo(2);
  }

  @Test
  void a_second_list_in_a_conversation_asks_the_node() {
    assertThat(capabilities()).contains("version 2");
    assertThat(mainThroughProxy()).isEqualTo(repository.id("main"));
    assertThat(listCount()).isEqualTo(1);
    String pushed = repository.commit("main", "file.txt", "text");
    assertThat(mainThroughProxy()).isEqualTo(pushed);
    assertThat(listCount()).isEqualTo(2);
  }

  @Test
  void no_list_from_before_a_push_through_the_proxy_is_used() {
    GitRunner clone = GitRunner.in(folder.resolve("work"));
    clone.run("clone", "-q", proxy.httpUrl("acme/app"), "app").expectSuccess();
    capabilities();
    GitRunner app = clone.at("app");
    String pushed = app.commit("file.txt", "text");
    String url = proxy.httpUrl("acme/app").replace("://", "://ann:a1@");
    app.run("push", "-q", url, "HEAD:refs/heads/main").expectSuccess();
    assertThat(mainThroughProxy()).isEqualTo(pushed);
  }

  @Tag("counted")
  @Test
  void no_list_is_older_than_the_first_request_of_its_client() {
    List<String> ids = new ArrayList<>(List.of(repository.id("main")));
    for (int i = 0; i < TestProfile.pick(20, 1_000); i++) {
      capabilities();
      int first = ids.size() - 1;
      commit(ids);
      capabilities();
      int second = ids.size() - 1;
      // The clients continue in either order.
      int next = i % 2 == 0 ? first : second;
      assertThat(ids.indexOf(mainThroughProxy())).isGreaterThanOrEqualTo(next);
      if (i % 3 == 0) commit(ids);
      assertThat(ids.indexOf(mainThroughProxy())).isGreaterThanOrEqualTo(first + second - next);
    }
  }

  private void commit(List<String> ids) {
    ids.add(repository.commit("main", "file-" + ids.size(), "text"));
  }

  private String capabilities() {
    return send("GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1", "", "");
  }

  private String mainThroughProxy() {
    String type = "Content-Type: application/x-git-upload-pack-request\r\n";
    String body = send("POST /acme/app.git/git-upload-pack HTTP/1.1", type, LS_REFS);
    return body.substring(4, 44);
  }

  private String send(String requestLine, String field, String body) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      client.send(
          requestLine
              + "\r\nHost: 127.0.0.1:"
              + proxy.port("http")
              + "\r\nGit-Protocol: version=2\r\n"
              + field
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return client.readResponse().orElseThrow().bodyText();
    }
  }
}
