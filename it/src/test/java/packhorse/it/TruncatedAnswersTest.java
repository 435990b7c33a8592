package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// A node that ends its answer cleanly before it is complete: the client's answer has no clean end,
/// and the outcome is `truncated`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class TruncatedAnswersTest {
  private static final String PACK = "acme/pack";
  private static final String LIST = "acme/list";
  private static final String NO_PACK = "acme/no-pack";
  private static final int RANDOM_BYTES = 200_000;

  /// What the node of a proxy speaks, and whether it is translated.
  enum NodeDialect {
    V2,
    V0,
    V0_OFFERED_AS_V2
  }

  /// How a client fetches.
  record ClientPath(NodeDialect dialect, boolean ssh, int version) {}

  private final Map<NodeDialect, PlainNode> nodes = new EnumMap<>(NodeDialect.class);
  private final Map<NodeDialect, RunningProxy> proxies = new EnumMap<>(NodeDialect.class);
  private final Path folder;
  private final SshKey key;

  TruncatedAnswersTest(@TempDir Path folder) {
    this.folder = folder;
    this.key = SshKey.ed25519(folder, "alice");
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("home"));
    byte[] bytes = new byte[RANDOM_BYTES];
    new Random(1).nextBytes(bytes);
    repositories.sample(PACK).commit("main", "random", Base64.getEncoder().encodeToString(bytes));
    repositories.sample(LIST);
    repositories.sample(NO_PACK);
    NodeOptions options = NodeOptions.of(repositories.root());
    for (NodeDialect dialect : NodeDialect.values()) {
      nodes.put(dialect, startNode(dialect == NodeDialect.V2 ? options : options.v0Only()));
      proxies.put(dialect, startProxy(dialect));
    }
  }

  private static PlainNode startNode(NodeOptions options) {
    PlainNode node = PlainNode.start(options);
    node.fail(
        1000,
        request -> request.isUploadPackPost() && request.path().contains(NO_PACK),
        new Fault.ReplacedBody(0, "0008NAK\n"));
    node.fail(1000, RecordedRequest::isUploadPackPost, new Fault.ReplacedBody(100_000, ""));
    node.fail(
        1000,
        request -> request.isAdvertisement() && request.path().contains(LIST),
        new Fault.ReplacedBody(400, ""));
    return node;
  }

  private RunningProxy startProxy(NodeDialect dialect) {
    Path ownFolder = folder.resolve(dialect.name());
    ownFolder.toFile().mkdirs();
    return RunningProxy.start(
        ProxyConfig.in(ownFolder)
            .node("one", node(dialect).url())
            .pool("offer-v2: " + (dialect == NodeDialect.V0_OFFERED_AS_V2))
            .pool("probe: { down-after: 1000 }")
            .user("alice", key));
  }

  private PlainNode node(NodeDialect dialect) {
    return Objects.requireNonNull(nodes.get(dialect));
  }

  private RunningProxy proxy(ClientPath path) {
    return Objects.requireNonNull(proxies.get(path.dialect()));
  }

  @AfterAll
  void stop() {
    proxies.values().forEach(RunningProxy::close);
    nodes.values().forEach(PlainNode::close);
  }

  private static Stream<ClientPath> paths() {
    return Stream.of(false, true)
        .flatMap(ssh ->
            Stream.of(
                new ClientPath(NodeDialect.V2, ssh, 0),
                new ClientPath(NodeDialect.V2, ssh, 1),
                new ClientPath(NodeDialect.V2, ssh, 2),
                new ClientPath(NodeDialect.V0, ssh, 2),
                new ClientPath(NodeDialect.V0_OFFERED_AS_V2, ssh, 2)));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void a_pack_that_the_node_ends_too_early_is_cut_and_recorded_as_truncated(ClientPath path) {
    CommandResult clone = git(path).run("clone", url(path, PACK), "" + path).expectFailure();
    assertThat(clone.stderr())
        .contains(path.ssh() ? "failed in the middle of its response (decision " : "curl 18");
    assertTruncated(path, "\"answer\":\"fetch\"", "\"node\":\"one\"", "\"status\":200");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void an_acknowledgment_without_a_pack_is_cut_and_recorded_as_truncated(int version) {
    ClientPath path = new ClientPath(NodeDialect.V0, false, version);
    git(path).run("clone", url(path, NO_PACK), "no-pack-" + version).expectFailure();
    assertTruncated(path, NO_PACK, "\"answer\":\"fetch\"", "\"node\":\"one\"");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_list_that_the_node_ends_too_early_is_cut_and_recorded_as_truncated(boolean ssh) {
    ClientPath path = new ClientPath(NodeDialect.V0, ssh, 0);
    git(path).run("ls-remote", url(path, LIST)).expectFailure();
    assertTruncated(path, "\"answer\":\"list\"");
  }

  private void assertTruncated(ClientPath path, String... facts) {
    String front = "\"front\":\"" + (path.ssh() ? "ssh" : "http") + "\"";
    Await.until(
        "a truncated answer with " + List.of(facts),
        () ->
            proxy(path).auditRecords().stream()
                .anyMatch(record ->
                    record.contains("\"outcome\":\"truncated\"")
                        && record.contains(front)
                        && Stream.of(facts).allMatch(record::contains)));
  }

  private String url(ClientPath path, String name) {
    RunningProxy proxy = proxy(path);
    return path.ssh() ? proxy.sshUrl(name) : proxy.httpUrl(name);
  }

  private GitRunner git(ClientPath path) {
    Path knownHosts = folder.resolve("known_hosts-" + path.dialect());
    int port = proxy(path).port("ssh");
    return GitRunner.in(folder.resolve("client"))
        .ssh(OpenSshClient.acceptNewHostKey(key.privateKey(), port, knownHosts))
        .config("http.version", "HTTP/1.1")
        .protocol(path.version());
  }
}
