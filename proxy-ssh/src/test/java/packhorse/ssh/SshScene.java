package packhorse.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import packhorse.Pipeline;
import packhorse.exchange.Exchanges;
import packhorse.identity.Directory;
import packhorse.identity.Identities;
import packhorse.identity.User;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.node.Thresholds;
import packhorse.placement.Locator;
import packhorse.placement.Pool;
import packhorse.placement.Site;
import packhorse.placement.Storage;
import packhorse.policy.Policy;
import packhorse.policy.Rule;
import packhorse.record.Outcome;
import packhorse.request.Arrivals;

/// The front with a real pipeline behind it, two nodes on one disk, users with keys, and git as the
/// client.
final class SshScene implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  final Path folder;
  final Path repositories;
  final CgiLink link;
  final Arrivals arrivals = new Arrivals(InstantSource.system());
  final Pipeline pipeline;
  final SshFront front;
  final HostKeys hostKeys;
  final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());

  /// What a test may want otherwise.
  record Terms(
      boolean knowsV2, List<Rule> rules, OptionalLong pushLimit, SshSettings.Patience patience) {
    static Terms usual() {
      return new Terms(true, List.of(), OptionalLong.empty(), SshSettings.Patience.usual());
    }

    Terms v0Nodes() {
      return new Terms(false, rules, pushLimit, patience);
    }

    Terms with(Rule... some) {
      return new Terms(knowsV2, List.of(some), pushLimit, patience);
    }

    Terms pushLimit(long bytes) {
      return new Terms(knowsV2, rules, OptionalLong.of(bytes), patience);
    }

    Terms with(SshSettings.Patience other) {
      return new Terms(knowsV2, rules, pushLimit, other);
    }
  }

  SshScene(Path folder, Terms terms) throws IOException {
    boolean openSsh = Files.isExecutable(Path.of("/usr/bin/ssh"));
    Assumptions.assumeTrue(openSsh, "OpenSSH's client is not on this machine: not tested");
    this.folder = folder;
    this.repositories = Files.createDirectories(folder.resolve("repositories"));
    this.link = new CgiLink(Map.of("one", repositories, "two", repositories), terms.knowsV2());
    SharedKeys.copyTo(folder);
    this.hostKeys = HostKeys.in(folder.resolve("host-keys"), false);
    List<User> users = new ArrayList<>();
    for (String name : List.of("alice", "bob", "carol")) users.add(user(name, name));
    for (String name : List.of("dora", "emil")) users.add(user(name, "twice"));
    this.pipeline = pipeline(terms, users);
    this.front = SshFront.open(settings(terms), pipeline, arrivals);
  }

  private SshSettings settings(Terms terms) {
    var listener =
        new SshSettings.Listener(
            "ssh",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            hostKeys,
            address -> true);
    return new SshSettings(List.of(listener), terms.patience(), 1000);
  }

  private Pipeline pipeline(Terms terms, List<User> users) {
    List<Node> nodes = List.of(node("one"), node("two"));
    Pool pool =
        new Pool(
            "pool",
            Storage.SHARED,
            List.of("one", "two"),
            Optional.empty(),
            Pool.Checking.PROXY,
            false,
            false);
    Site site =
        new Site("site", URI.create("https://git.test"), Optional.empty(), "pool", List.of());
    Nodes known =
        new Nodes(
            nodes,
            name -> new Thresholds(100, 1, Duration.ZERO, Optional.empty()),
            System::nanoTime);
    AdvertisedTips tips = new AdvertisedTips();
    Directory directory = new Directory(users);
    Policy policy = new Policy(terms.rules());
    return new Pipeline(
        new Pipeline.Stages(
            new Locator(List.of(site), List.of(pool), List.of(), Map.of()),
            directory,
            new Identities(directory),
            policy,
            new Router(known, tips),
            new Exchanges(
                link,
                known,
                tips,
                policy,
                new Exchanges.Terms(Map.of(), terms.pushLimit(), folder, Duration.ofSeconds(5))),
            outcomes::add),
        System::nanoTime);
  }

  private static Node node(String name) {
    return new Node(name, "pool", URI.create("http://127.0.0.1:1"), 1);
  }

  private User user(String name, String key) throws IOException {
    return new User(name, Optional.empty(), List.of(), List.of(fingerprint(key)));
  }

  private String fingerprint(String name) throws IOException {
    return plain().run("ssh-keygen", "-l", "-f", name + ".pub").well().out().split(" ", -1)[1];
  }

  int port() {
    return Objects.requireNonNull(front.addresses().get("ssh")).getPort();
  }

  /// The last outcome, which is waited for until it has this word: a client may be done before it
  /// is here.
  Outcome last(String word) {
    long begun = System.nanoTime();
    while (!endsWith(word) && System.nanoTime() - begun < PATIENCE.toNanos()) {
      LockSupport.parkNanos(1_000_000);
    }
    return outcomes.getLast();
  }

  private boolean endsWith(String word) {
    return !outcomes.isEmpty() && outcomes.getLast().word().equals(word);
  }

  String url(String path) {
    return "ssh://git@127.0.0.1:" + port() + "/" + path;
  }

  Command plain() {
    return new Command(folder, Map.of("HOME", folder.toString(), "GIT_CONFIG_NOSYSTEM", "1"));
  }

  /// The ssh line of a user; of two options of one name ssh takes the first.
  List<String> ssh(String user, String... options) {
    List<String> line = new ArrayList<>(List.of("ssh", "-F", "none"));
    line.addAll(List.of(options));
    for (String option :
        List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=" + folder.resolve("known_hosts"),
            "LogLevel=ERROR",
            "IdentitiesOnly=yes",
            "User=git",
            "Port=" + port())) {
      line.addAll(List.of("-o", option));
    }
    line.addAll(List.of("-i", folder.resolve(user).toString()));
    return line;
  }

  /// Git as a user.
  Command git(String user, int version) {
    return plain()
        .with("GIT_SSH_COMMAND", String.join(" ", ssh(user)))
        .with("GIT_TERMINAL_PROMPT", "0")
        .with("GIT_AUTHOR_NAME", "a")
        .with("GIT_AUTHOR_EMAIL", "a@test")
        .with("GIT_COMMITTER_NAME", "a")
        .with("GIT_COMMITTER_EMAIL", "a@test")
        .with("GIT_CONFIG_COUNT", "2")
        .with("GIT_CONFIG_KEY_0", "protocol.version")
        .with("GIT_CONFIG_VALUE_0", String.valueOf(version))
        .with("GIT_CONFIG_KEY_1", "init.defaultBranch")
        .with("GIT_CONFIG_VALUE_1", "main");
  }

  /// An ssh of a user, straight to the front.
  Command.Ran exec(String user, String... command) throws IOException {
    return exec(user, List.of(), command);
  }

  Command.Ran exec(String user, List<String> options, String... command) throws IOException {
    return exec(new byte[0], user, options, command);
  }

  Command.Ran exec(byte[] input, String user, List<String> options, String... command)
      throws IOException {
    List<String> line = ssh(user, options.toArray(String[]::new));
    line.add("127.0.0.1");
    line.addAll(List.of(command));
    return plain().run(input, line.toArray(String[]::new));
  }

  /// A bare repository with so many commits at the nodes, and a work tree of it.
  Path repository(String name, int commits) throws IOException {
    Path bare = repositories.resolve(name + ".git");
    Path work = folder.resolve("work-" + name.replace('/', '-'));
    Command git = git("alice", 2);
    git.run("git", "init", "-q", "--bare", bare.toString()).well();
    git.run("git", "-C", bare.toString(), "config", "receive.advertisePushOptions", "true").well();
    git.run("git", "-C", bare.toString(), "config", "uploadpack.allowFilter", "true").well();
    git.run("git", "init", "-q", work.toString()).well();
    for (int i = 0; i < commits; i++) commit(work, "file-" + i % 5, "line " + i);
    if (commits > 0) git.in(work).run("git", "push", "-q", bare.toString(), "main").well();
    return work;
  }

  void commit(Path work, String file, String text) throws IOException {
    Files.writeString(work.resolve(file), text);
    Command git = git("alice", 2).in(work);
    git.run("git", "add", "-A").well();
    git.run("git", "commit", "-q", "-m", text).well();
  }

  @Override
  public void close() {
    front.close();
  }
}
