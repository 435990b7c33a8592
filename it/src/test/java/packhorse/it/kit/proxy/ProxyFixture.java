package packhorse.it.kit.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// What most test classes need: repositories, nodes that serve them, a proxy in front of the nodes,
/// and a user `alice` with an SSH key. Created once for each class. For any thread.
public final class ProxyFixture implements AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final List<PlainNode> nodes;
  private final RunningProxy proxy;

  private ProxyFixture(Path folder, int count, Function<ProxyConfig, RunningProxy> starter) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "alice");
    this.nodes =
        Stream.generate(() -> PlainNode.start(NodeOptions.of(repositories.root())))
            .limit(count)
            .toList();
    ProxyConfig config = ProxyConfig.in(folder).user("alice", key);
    for (int i = 0; i < count; i++) config.node("node-" + i, nodes.get(i).url());
    this.proxy = starter.apply(config);
  }

  /// Starts nodes, and a proxy with an adapted configuration.
  ///
  /// @param nodes the number of nodes
  /// @param adapt changes the configuration
  public static ProxyFixture start(Path folder, int nodes, UnaryOperator<ProxyConfig> adapt) {
    return new ProxyFixture(folder, nodes, config -> RunningProxy.start(adapt.apply(config)));
  }

  /// Starts nodes, and a proxy with an adapted configuration and another interval of keep-alives.
  ///
  /// @param keepAlive how long a client gets no data from a silent node before the proxy sends it a
  ///   keep-alive
  public static ProxyFixture start(
      Path folder, int nodes, UnaryOperator<ProxyConfig> adapt, Duration keepAlive) {
    return new ProxyFixture(
        folder, nodes, config -> RunningProxy.start(adapt.apply(config), keepAlive));
  }

  /// Starts nodes and a proxy.
  public static ProxyFixture start(Path folder, int nodes) {
    return start(folder, nodes, config -> config);
  }

  public Path folder() {
    return folder;
  }

  public Repositories repositories() {
    return repositories;
  }

  public RunningProxy proxy() {
    return proxy;
  }

  public SshKey key() {
    return key;
  }

  public List<PlainNode> nodes() {
    return nodes;
  }

  public PlainNode node(int index) {
    return nodes.get(index);
  }

  /// Returns the requests of all nodes that fulfil a condition, node by node.
  public List<RecordedRequest> requests(Predicate<RecordedRequest> condition) {
    return nodes.stream().flatMap(node -> node.requests(condition).stream()).toList();
  }

  /// Clears the recorded requests of all nodes.
  public void clearRequests() {
    nodes.forEach(PlainNode::clearRequests);
  }

  /// Returns the URL of a repository at the proxy.
  public String url(GitTransport transport, String name) {
    return switch (transport) {
      case HTTP1, H2C -> proxy.httpUrl(name);
      case H2_TLS -> "https://127.0.0.1:" + proxy.port("https") + "/" + name + ".git";
      case SSH -> proxy.sshUrl(name);
    };
  }

  /// Returns OpenSSH's client with the key of `alice`.
  public OpenSshClient sshClient() {
    return OpenSshClient.acceptNewHostKey(
        key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts"));
  }

  /// Returns git in a folder of this name, configured for SSH.
  public GitRunner git(String folderName) {
    return configure(GitTransport.SSH, GitRunner.in(folder.resolve(folderName)));
  }

  /// Returns a copy of `git` that is configured for a transport.
  public GitRunner configure(GitTransport transport, GitRunner git) {
    return switch (transport) {
      case HTTP1 -> git.config("http.version", "HTTP/1.1");
      case H2C -> git.config("http.version", "HTTP/2");
      case H2_TLS ->
          git.config("http.version", "HTTP/2")
              .config("http.sslCAInfo", folder.resolve("proxy.pem").toString())
              // The site's public URL has the default port.
              .config("http.extraHeader", "Host: 127.0.0.1");
      case SSH -> git.ssh(sshClient());
    };
  }

  /// Clones a repository into the folder `work` below a folder of this name.
  ///
  /// @return git in the clone
  public GitRunner gitClone(
      GitTransport transport, String name, String folderName, String... options) {
    GitRunner git = configure(transport, git(folderName));
    var argv = new ArrayList<>(List.of("clone", "-q"));
    argv.addAll(List.of(options));
    argv.addAll(List.of(url(transport, name), "work"));
    git.run(argv.toArray(String[]::new)).expectSuccess();
    return git.at("work");
  }

  /// Waits until there are `count` audit records that contain all these texts.
  ///
  /// @return all such records
  public List<String> awaitAuditRecords(int count, String... texts) {
    Await.until("audit records with " + List.of(texts), () -> auditRecords(texts).size() >= count);
    return auditRecords(texts);
  }

  private List<String> auditRecords(String... texts) {
    return proxy.auditRecords().stream()
        .filter(line -> Stream.of(texts).allMatch(line::contains))
        .toList();
  }

  @Override
  public void close() {
    proxy.close();
    nodes.forEach(PlainNode::close);
  }
}
