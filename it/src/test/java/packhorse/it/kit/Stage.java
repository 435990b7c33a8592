package packhorse.it.kit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What most tests of one theme need: repositories on one disk, nodes that serve them, a proxy in
/// front of the nodes and a user `alice` with a key. Made once for a class. For any thread.
public final class Stage implements AutoCloseable {
  private final Path folder;
  private final Repositories repositories;
  private final SshKey key;
  private final List<PlainNode> nodes;
  private final RunningProxy proxy;

  private Stage(Path folder, int count, Function<ProxyText, RunningProxy> starting) {
    this.folder = folder;
    this.repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    this.key = SshKey.ed25519(folder, "alice");
    this.nodes =
        Stream.generate(() -> PlainNode.start(NodeOptions.of(repositories.root())))
            .limit(count)
            .toList();
    ProxyText text = ProxyText.in(folder).user("alice", key);
    for (int i = 0; i < count; i++) text.node("node-" + i, nodes.get(i).url());
    this.proxy = starting.apply(text);
  }

  /// Starts so many nodes, and the proxy as its file says after `more`.
  public static Stage of(Path folder, int nodes, UnaryOperator<ProxyText> more) {
    return new Stage(folder, nodes, text -> RunningProxy.start(more.apply(text)));
  }

  /// The same, with clients that hear nothing for so long while a node is silent.
  public static Stage of(
      Path folder, int nodes, UnaryOperator<ProxyText> more, Duration keepAlive) {
    return new Stage(folder, nodes, text -> RunningProxy.start(more.apply(text), keepAlive));
  }

  /// Starts so many nodes and the proxy.
  public static Stage of(Path folder, int nodes) {
    return of(folder, nodes, text -> text);
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

  /// All nodes' requests that `which` likes, node by node.
  public List<SeenRequest> heard(java.util.function.Predicate<SeenRequest> which) {
    return nodes.stream().flatMap(node -> node.requests(which).stream()).toList();
  }

  /// Begins new lists of requests at all nodes.
  public void forget() {
    nodes.forEach(PlainNode::forget);
  }

  /// The URL of a repository.
  public String url(Transport transport, String name) {
    return switch (transport) {
      case HTTP1, H2C -> proxy.http(name);
      case H2_TLS -> "https://127.0.0.1:" + proxy.port("https") + "/" + name + ".git";
      case SSH -> proxy.ssh(name);
    };
  }

  /// How OpenSSH gets in as `alice`.
  public SshWay way() {
    return SshWay.trusting(key.privateKey(), proxy.port("ssh"), folder.resolve("known_hosts"));
  }

  /// Git that can go every way, in a folder of that name.
  public GitRunner git(String place) {
    return equip(Transport.SSH, GitRunner.in(folder.resolve(place)));
  }

  /// The same git, equipped for one way.
  public GitRunner equip(Transport transport, GitRunner git) {
    return switch (transport) {
      case HTTP1 -> git.set("http.version", "HTTP/1.1");
      case H2C -> git.set("http.version", "HTTP/2");
      case H2_TLS ->
          git.set("http.version", "HTTP/2")
              .set("http.sslCAInfo", folder.resolve("proxy.pem").toString())
              // the site's public URL has its scheme's own port
              .set("http.extraHeader", "Host: 127.0.0.1");
      case SSH -> git.ssh(way());
    };
  }

  /// A clone made this way, in a folder of that name.
  public GitRunner cloned(Transport transport, String name, String place, String... options) {
    GitRunner git = equip(transport, git(place));
    var argv = new ArrayList<>(List.of("clone", "-q"));
    argv.addAll(List.of(options));
    argv.addAll(List.of(url(transport, name), "work"));
    git.git(argv.toArray(String[]::new)).expectSuccess();
    return git.at("work");
  }

  /// The audit records that hold all these texts, as soon as there are `count` of them.
  public List<String> audit(int count, String... texts) {
    Await.until("audit records with " + List.of(texts), () -> recorded(texts).size() >= count);
    return recorded(texts);
  }

  private List<String> recorded(String... texts) {
    return proxy.audit().stream()
        .filter(line -> Stream.of(texts).allMatch(line::contains))
        .toList();
  }

  @Override
  public void close() {
    proxy.close();
    nodes.forEach(PlainNode::close);
  }
}
