package packhorse.kit;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import packhorse.identity.Principal;
import packhorse.node.Node;
import packhorse.placement.Placement;
import packhorse.placement.Pool;
import packhorse.placement.Site;
import packhorse.placement.Storage;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Front;
import packhorse.request.GitRequest;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.Refused;
import packhorse.request.RepositoryPath;
import packhorse.request.Request;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;

/// Values that many tests need, with one thing changed at a time: each change gives a copy.
public final class Sample implements Cloneable {
  /// Where tests that need no folder of their own let answers be spooled.
  public static final Path SPOOLS = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  private String from = "192.0.2.7";
  private boolean encrypted = true;
  private Optional<String> calledAs = Optional.of("code.test");
  private Credential credential = new Credential.None();
  private String repository = "acme/app";
  private Service service = Service.UPLOAD_PACK;
  private GitRequest.Step step = GitRequest.Step.EXCHANGE;
  private ProtocolVersion version = ProtocolVersion.V2;
  private Headers headers = Headers.none();
  private Storage storage = Storage.SHARED;
  private Pool.Checking checking = Pool.Checking.NODE;
  private List<String> nodes = List.of("a", "b");
  private boolean offersV2;
  private Optional<String> readOnly = Optional.empty();
  private Principal principal = new Principal.Anonymous();

  private Sample() {}

  /// A fetch of `acme/app` over encrypted HTTP by nobody, in a pool of two nodes that share a disk.
  public static Sample fetch() {
    return new Sample();
  }

  /// A push to `acme/app`, all else as in a fetch.
  public static Sample push() {
    return fetch().service(Service.RECEIVE_PACK).version(ProtocolVersion.V0);
  }

  public Sample from(String address, boolean unreadable) {
    return with(copy -> {
      copy.from = address;
      copy.encrypted = unreadable;
    });
  }

  public Sample calledAs(Optional<String> name) {
    return with(copy -> copy.calledAs = name);
  }

  public Sample credential(Credential shown) {
    return with(copy -> copy.credential = shown);
  }

  public Sample repository(String path) {
    return with(copy -> copy.repository = path);
  }

  public Sample service(Service asked) {
    return with(copy -> copy.service = asked);
  }

  public Sample step(GitRequest.Step part) {
    return with(copy -> copy.step = part);
  }

  public Sample version(ProtocolVersion spoken) {
    return with(copy -> copy.version = spoken);
  }

  /// Lines as `Name: value`.
  public Sample headers(String... lines) {
    return with(copy -> copy.headers = lines(lines));
  }

  public Sample storage(Storage kind, String... names) {
    return with(copy -> {
      copy.storage = kind;
      copy.nodes = List.of(names);
    });
  }

  /// Only these nodes, on one disk.
  public Sample nodes(String... names) {
    return storage(Storage.SHARED, names);
  }

  /// In a pool with `offer-v2`.
  public Sample offeringV2() {
    return with(copy -> copy.offersV2 = true);
  }

  public Sample checking(Pool.Checking by) {
    return with(copy -> copy.checking = by);
  }

  public Sample readOnly(String why) {
    return with(copy -> copy.readOnly = Optional.of(why));
  }

  public Sample principal(Principal who) {
    return with(copy -> copy.principal = who);
  }

  public Sample user(String name) {
    return principal(new Principal.User(name, "password"));
  }

  private Sample with(Consumer<Sample> change) {
    try {
      Sample copy = (Sample) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException impossible) {
      throw new AssertionError(impossible);
    }
  }

  public Arrival arrival() {
    return new Arrival(
        "abcdefghjkmn",
        Instant.parse("2026-03-01T10:00:00Z"),
        "https",
        Front.HTTP,
        InetAddress.ofLiteral(from),
        encrypted);
  }

  public GitRequest request() {
    return new GitRequest(
        arrival(), calledAs, credential, path(repository), service, step, version, headers);
  }

  public Principal principal() {
    return principal;
  }

  public Pool pool() {
    Optional<String> primary =
        storage == Storage.REPLICATED ? Optional.of(nodes.getFirst()) : Optional.empty();
    return new Pool("main", storage, nodes, primary, checking, false, offersV2);
  }

  public Placement placement() {
    return new Placement(site(), site().url(), pool(), nodes, readOnly);
  }

  /// The site `https://code.test` on the pool `main`.
  public static Site site() {
    return new Site(
        "code", URI.create("https://code.test"), Optional.of("code.test:22"), "main", List.of());
  }

  /// A permit for the request, from a policy that leaves everything to the nodes.
  public Permit permit() {
    return permit(request());
  }

  /// The same for another request.
  public Permit permit(Request request) {
    try {
      return new Policy(List.of()).authorise(request, placement(), principal);
    } catch (Refused refused) {
      throw new AssertionError(refused);
    }
  }

  /// The pool's nodes at `http://NAME.test:3000`, each of weight 1.
  public List<Node> machines() {
    return nodes.stream().map(Sample::node).toList();
  }

  public static Node node(String name) {
    return new Node(name, "main", URI.create("http://" + name + ".test:3000"), 1);
  }

  public static Headers lines(String... lines) {
    return new Headers(
        Arrays.stream(lines)
            .map(line -> line.split(": ", 2))
            .map(pair -> new Header(pair[0], pair[1]))
            .toList());
  }

  public static RepositoryPath path(String decoded) {
    try {
      return RepositoryPath.parse(decoded);
    } catch (Refused refused) {
      throw new AssertionError(refused);
    }
  }
}
