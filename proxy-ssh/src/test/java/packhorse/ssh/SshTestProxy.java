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
import packhorse.backend.Backends;
import packhorse.exchange.Exchanges;
import packhorse.exchange.call.RepositoryAskerFactory;
import packhorse.exchange.web.VisitorCookie;
import packhorse.identity.Authenticator;
import packhorse.identity.FailedLoginLimit;
import packhorse.identity.UserAccount;
import packhorse.identity.UserDirectory;
import packhorse.memory.ClientMemory;
import packhorse.memory.MemoryPlan;
import packhorse.node.AdvertisedTips;
import packhorse.node.HealthThresholds;
import packhorse.node.Node;
import packhorse.node.Nodes;
import packhorse.node.Router;
import packhorse.placement.Pool;
import packhorse.placement.RepositoryLocator;
import packhorse.placement.Site;
import packhorse.placement.Storage;
import packhorse.policy.Policy;
import packhorse.policy.PolicyRule;
import packhorse.record.Outcome;
import packhorse.request.ArrivalFactory;
import packhorse.request.KeyedHash;

/// An SSH front with a real pipeline and two nodes on one disk, users with keys, and git and
/// OpenSSH as its clients.
final class SshTestProxy implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  final Path folder;
  final Path repositories;
  final CgiLink link;
  final ArrivalFactory arrivals = new ArrivalFactory(InstantSource.system());
  final Pipeline pipeline;
  final SshFront front;
  final HostKeys hostKeys;
  final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());

  /// The addresses of logins that failed, each as often as it counted.
  final List<InetAddress> failedLogins = Collections.synchronizedList(new ArrayList<>());

  /// What tests may configure.
  record Options(
      boolean knowsV2,
      List<PolicyRule> rules,
      OptionalLong pushLimit,
      SshSettings.ClientTimeouts timeouts) {
    static Options defaults() {
      return new Options(
          true, List.of(), OptionalLong.empty(), SshSettings.ClientTimeouts.defaults());
    }

    Options withV0Nodes() {
      return new Options(false, rules, pushLimit, timeouts);
    }

    Options withRules(PolicyRule... rules) {
      return new Options(knowsV2, List.of(rules), pushLimit, timeouts);
    }

    Options withPushLimit(long bytes) {
      return new Options(knowsV2, rules, OptionalLong.of(bytes), timeouts);
    }

    Options withTimeouts(SshSettings.ClientTimeouts timeouts) {
      return new Options(knowsV2, rules, pushLimit, timeouts);
    }
  }

  /// What the clients of this proxy may hold.
  final ClientMemory memory = ClientMemory.of(new MemoryPlan(512L << 20, 512L << 20));

  SshTestProxy(Path folder, Options options) throws IOException {
    boolean openSsh = Files.isExecutable(Path.of("/usr/bin/ssh"));
    Assumptions.assumeTrue(openSsh, "skipped: no OpenSSH client on this machine");
    this.folder = folder;
    this.repositories = Files.createDirectories(folder.resolve("repositories"));
    this.link = new CgiLink(Map.of("one", repositories, "two", repositories), options.knowsV2());
    TestKeys.copyTo(folder);
    this.hostKeys = HostKeys.load(folder.resolve("host-keys"), false);
    List<UserAccount> users = new ArrayList<>();
    for (String name : List.of("alice", "bob", "carol")) users.add(user(name, name));
    for (String name : List.of("dora", "emil")) users.add(user(name, "twice"));
    this.pipeline = pipeline(options, users);
    this.front = SshFront.open(settings(options), pipeline, arrivals, memory);
  }

  private SshSettings settings(Options options) {
    var listener =
        new SshSettings.Listener(
            "ssh",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            hostKeys,
            address -> true);
    return new SshSettings(List.of(listener), options.timeouts(), 1000);
  }

  private Pipeline pipeline(Options options, List<UserAccount> users) {
    List<Node> nodes = List.of(node("one"), node("two"));
    Pool pool =
        new Pool(
            "pool",
            Backends.PLAIN,
            Storage.SHARED,
            List.of("one", "two"),
            Optional.empty(),
            Pool.Authentication.PROXY,
            false,
            false);
    Site site =
        new Site("site", URI.create("https://git.test"), Optional.empty(), "pool", List.of());
    Nodes allNodes =
        new Nodes(
            nodes,
            name -> new HealthThresholds(100, 1, Duration.ZERO, Optional.empty()),
            System::nanoTime);
    AdvertisedTips tips = new AdvertisedTips();
    UserDirectory directory = new UserDirectory(users);
    Policy policy = new Policy(options.rules());
    return new Pipeline(
        new Pipeline.Stages(
            new RepositoryLocator(List.of(site), List.of(pool), List.of(), Map.of()),
            directory,
            new Authenticator(directory, failedLoginLimit()),
            policy,
            new Router(allNodes, tips, new RepositoryAskerFactory(Map.of())::create),
            new Exchanges(
                link,
                allNodes,
                tips,
                policy,
                (permit, push) -> {},
                new Exchanges.ExchangeSettings(
                    Map.of(),
                    options.pushLimit(),
                    OptionalLong.empty(),
                    new VisitorCookie(List.of(new KeyedHash()), InstantSource.system()),
                    folder,
                    memory.requests(),
                    Duration.ofSeconds(5))),
            outcomes::add),
        System::nanoTime);
  }

  private FailedLoginLimit failedLoginLimit() {
    return new FailedLoginLimit(1, Duration.ofHours(1), failedLogins::add);
  }

  private static Node node(String name) {
    return new Node(name, "pool", URI.create("http://127.0.0.1:1"), 1);
  }

  private UserAccount user(String name, String key) throws IOException {
    return new UserAccount(name, Optional.empty(), List.of(), List.of(fingerprint(key)));
  }

  private String fingerprint(String name) throws IOException {
    return command()
        .run("ssh-keygen", "-l", "-f", name + ".pub")
        .expectSuccess()
        .out()
        .split(" ", -1)[1];
  }

  int port() {
    return Objects.requireNonNull(front.addresses().get("ssh")).getPort();
  }

  /// Waits until the last outcome has this result, and returns the last outcome. A client may have
  /// its response before the outcome is recorded.
  Outcome awaitLastOutcome(String result) {
    long start = System.nanoTime();
    while (!lastResultIs(result) && System.nanoTime() - start < TIMEOUT.toNanos()) {
      LockSupport.parkNanos(1_000_000);
    }
    return outcomes.getLast();
  }

  private boolean lastResultIs(String result) {
    return !outcomes.isEmpty() && outcomes.getLast().result().equals(result);
  }

  /// Waits until at least this many logins have failed.
  void awaitFailedLogins(int count) {
    long start = System.nanoTime();
    while (failedLogins.size() < count && System.nanoTime() - start < TIMEOUT.toNanos()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  String url(String path) {
    return "ssh://git@127.0.0.1:" + port() + "/" + path;
  }

  /// A command in the folder of the test, with no configuration of git.
  Command command() {
    return new Command(folder, Map.of("HOME", folder.toString(), "GIT_CONFIG_NOSYSTEM", "1"));
  }

  /// The command line of ssh for a user. The options come first, because ssh takes the first of two
  /// options of one name. With OpenSSH's default key exchange (sntrup761), each connection would
  /// take the client a tenth of a second.
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
            "KexAlgorithms=curve25519-sha256",
            "User=git",
            "Port=" + port())) {
      line.addAll(List.of("-o", option));
    }
    line.addAll(List.of("-i", folder.resolve(user).toString()));
    return line;
  }

  /// Git with the key of a user and a protocol version.
  Command git(String user, int version) {
    return command()
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

  /// Runs ssh to the front, with the key of a user.
  Command.Result exec(String user, String... command) throws IOException {
    return exec(user, List.of(), command);
  }

  Command.Result exec(String user, List<String> options, String... command) throws IOException {
    return exec(new byte[0], user, options, command);
  }

  Command.Result exec(byte[] input, String user, List<String> options, String... command)
      throws IOException {
    List<String> line = ssh(user, options.toArray(String[]::new));
    line.add("127.0.0.1");
    line.addAll(List.of(command));
    return command().run(input, line.toArray(String[]::new));
  }

  /// Creates a bare repository with this many commits on the nodes.
  ///
  /// @return a work tree of it
  Path repository(String name, int commits) throws IOException {
    Path bare = repositories.resolve(name + ".git");
    Path work = folder.resolve("work-" + name.replace('/', '-'));
    Command git = git("alice", 2);
    git.run("git", "init", "-q", "--bare", bare.toString()).expectSuccess();
    git.run("git", "-C", bare.toString(), "config", "receive.advertisePushOptions", "true")
        .expectSuccess();
    git.run("git", "-C", bare.toString(), "config", "uploadpack.allowFilter", "true")
        .expectSuccess();
    git.run("git", "init", "-q", work.toString()).expectSuccess();
    for (int i = 0; i < commits; i++) commit(work, "file-" + i % 5, "line " + i);
    if (commits > 0) git.in(work).run("git", "push", "-q", bare.toString(), "main").expectSuccess();
    return work;
  }

  void commit(Path work, String file, String text) throws IOException {
    Files.writeString(work.resolve(file), text);
    Command git = git("alice", 2).in(work);
    git.run("git", "add", "-A").expectSuccess();
    git.run("git", "commit", "-q", "-m", text).expectSuccess();
  }

  @Override
  public void close() {
    front.close();
  }
}
