package packhorse.kit;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import packhorse.backend.Backends;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.call.RepositoryAskerFactory;
import packhorse.exchange.web.VisitorCookie;
import packhorse.identity.Principal;
import packhorse.node.AdvertisedTips;
import packhorse.node.Node;
import packhorse.node.Nodes;
import packhorse.node.RepositoryAsker;
import packhorse.node.Router;
import packhorse.placement.Placement;
import packhorse.placement.Pool;
import packhorse.placement.RepositoryLocator;
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
import packhorse.request.KeyedHash;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.WebPath;
import packhorse.request.WebRequest;
import packhorse.wire.ClientAgent;
import packhorse.wire.GitService;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.fetch.Deepen;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchDialect;

/// Builds requests, and the placements, principals and permits that belong to them, for tests. Each
/// method that changes a value returns a copy. Immutable.
public final class RequestFixture implements Cloneable {
  /// A folder for spill files, for tests that need none of their own.
  public static final Path SPILL_FOLDER = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  private static final RepositoryAskerFactory ASKERS =
      new RepositoryAskerFactory(Map.of("main", new NodeIdentity.Nobody()));

  private String clientAddress = "192.0.2.7";
  private boolean encrypted = true;
  private String siteUrl = "https://code.test";
  private Optional<String> authority = Optional.of("code.test");
  private Credential credential = new Credential.NoCredential();
  private String repository = "acme/app";
  private GitService service = GitService.UPLOAD_PACK;
  private GitRequest.Step step = GitRequest.Step.EXCHANGE;
  private ProtocolVersion version = ProtocolVersion.V2;
  private Headers headers = Headers.empty();
  private Storage storage = Storage.SHARED;
  private Pool.Authentication authentication = Pool.Authentication.NODE;
  private List<String> nodeNames = List.of("a", "b");
  private Optional<List<String>> placedOn = Optional.empty();
  private boolean offersV2;
  private Optional<String> readOnlyReason = Optional.empty();
  private Principal principal = new Principal.Anonymous();

  private RequestFixture() {}

  /// An anonymous fetch of `acme/app` over encrypted HTTP, from a pool of two nodes that share a
  /// disk.
  public static RequestFixture fetch() {
    return new RequestFixture();
  }

  /// A push to `acme/app`; everything else is as in [#fetch].
  public static RequestFixture push() {
    return fetch().service(GitService.RECEIVE_PACK).version(ProtocolVersion.V0);
  }

  public RequestFixture client(String address, boolean secure) {
    return with(copy -> {
      copy.clientAddress = address;
      copy.encrypted = secure;
    });
  }

  public RequestFixture authority(Optional<String> value) {
    return with(copy -> copy.authority = value);
  }

  /// The URL of the site as the client used it.
  public RequestFixture siteUrl(String value) {
    return with(copy -> copy.siteUrl = value);
  }

  public RequestFixture credential(Credential value) {
    return with(copy -> copy.credential = value);
  }

  public RequestFixture repository(String path) {
    return with(copy -> copy.repository = path);
  }

  public RequestFixture service(GitService value) {
    return with(copy -> copy.service = value);
  }

  public RequestFixture step(GitRequest.Step value) {
    return with(copy -> copy.step = value);
  }

  public RequestFixture version(ProtocolVersion value) {
    return with(copy -> copy.version = value);
  }

  /// Header lines in the form `Name: value`.
  public RequestFixture headers(String... lines) {
    return with(copy -> copy.headers = headersOf(lines));
  }

  public RequestFixture storage(Storage value, String... names) {
    return with(copy -> {
      copy.storage = value;
      copy.nodeNames = List.of(names);
    });
  }

  /// A pool of these nodes, which share a disk.
  public RequestFixture nodes(String... names) {
    return storage(Storage.SHARED, names);
  }

  /// A placement on only these nodes of the pool.
  public RequestFixture placedOn(String... names) {
    return with(copy -> copy.placedOn = Optional.of(List.of(names)));
  }

  /// A pool with `offer-v2: true`.
  public RequestFixture offeringV2() {
    return with(copy -> copy.offersV2 = true);
  }

  public RequestFixture authentication(Pool.Authentication value) {
    return with(copy -> copy.authentication = value);
  }

  public RequestFixture readOnly(String reason) {
    return with(copy -> copy.readOnlyReason = Optional.of(reason));
  }

  public RequestFixture principal(Principal value) {
    return with(copy -> copy.principal = value);
  }

  public RequestFixture user(String name) {
    return principal(new Principal.User(name, "password"));
  }

  private RequestFixture with(Consumer<RequestFixture> change) {
    try {
      RequestFixture copy = (RequestFixture) clone();
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
        InetAddress.ofLiteral(clientAddress),
        encrypted);
  }

  public GitRequest request() {
    return new GitRequest(
        arrival(), authority, credential, path(repository), service, step, version, headers);
  }

  /// A request for a page of `https://code.test` without a credential.
  public static WebRequest page(String method, String path) throws RefusalException {
    return new WebRequest(
        fetch().arrival(),
        Optional.of("code.test"),
        new Credential.NoCredential(),
        method,
        WebPath.parse(path),
        Optional.empty(),
        Optional.empty(),
        Headers.empty());
  }

  /// The placement of a page in the pool of this fixture.
  public Placement placement(WebRequest page) throws RefusalException {
    var locator = new RepositoryLocator(List.of(site()), List.of(pool()), List.of(), Map.of());
    Placement placement = locator.locate(page);
    return new Placement(
        placement.site(),
        placement.siteUrl(),
        placement.pool(),
        placement.repository(),
        placement.showsContents(),
        placement.nodeNames(),
        readOnlyReason);
  }

  public Principal principal() {
    return principal;
  }

  public Pool pool() {
    Optional<String> primary =
        storage == Storage.REPLICATED ? Optional.of(nodeNames.getFirst()) : Optional.empty();
    return new Pool(
        "main", Backends.PLAIN, storage, nodeNames, primary, authentication, false, offersV2);
  }

  public Placement placement() {
    return placement(path(repository));
  }

  private Placement placement(RepositoryPath path) {
    return new Placement(
        site(),
        URI.create(siteUrl),
        pool(),
        Optional.of(pool().backend().nameOf(path)),
        true,
        placedOn.orElse(nodeNames),
        readOnlyReason);
  }

  /// Cookies for visitors of pages, with a key of this process.
  public static VisitorCookie visitorCookie() {
    return new VisitorCookie(List.of(new KeyedHash()), InstantSource.system());
  }

  /// The site `https://code.test` with the pool `main`.
  public static Site site() {
    return new Site(
        "code", URI.create("https://code.test"), Optional.of("code.test:22"), "main", List.of());
  }

  /// A permit for this request, from a policy without rules.
  public Permit permit() {
    return permit(request());
  }

  /// A permit for another request, with this placement and principal.
  public Permit permit(GitRequest request) {
    try {
      return new Policy(List.of()).authorise(request, placement(request.repository()), principal);
    } catch (RefusalException refused) {
      throw new AssertionError(refused);
    }
  }

  /// A router that knows the askers of [#asker].
  public static Router router(Nodes nodes, AdvertisedTips tips) {
    return new Router(nodes, tips, ASKERS::create);
  }

  /// The repository of the request and who asks for it.
  public RepositoryAsker asker() {
    return ASKERS.create(permit());
  }

  /// The nodes of the pool, at `http://NAME.test:3000` and with weight 1.
  public List<Node> poolNodes() {
    return nodeNames.stream().map(RequestFixture::node).toList();
  }

  /// A clone in v2 with depth 3 and without blobs.
  public static Fetch clone(List<ObjectId> wants) {
    return new Fetch(
        new Fetch.FetchKey(
            new Fetch.Wants(ObjectFormat.SHA1, wants, List.of()),
            new Fetch.ClientHistory(List.of(), List.of(), true),
            new Deepen.Depth(3, false),
            Optional.of("blob:none"),
            Set.of(),
            Fetch.Extensions.NONE),
        ClientAgent.UNKNOWN,
        new FetchDialect.V2(false));
  }

  public static Node node(String name) {
    return new Node(name, "main", URI.create("http://" + name + ".test:3000"), 1);
  }

  public static Headers headersOf(String... lines) {
    return new Headers(
        Arrays.stream(lines)
            .map(line -> line.split(": ", 2))
            .map(pair -> new Header(pair[0], pair[1]))
            .toList());
  }

  public static RepositoryPath path(String decoded) {
    try {
      return RepositoryPath.parse(decoded);
    } catch (RefusalException refused) {
      throw new AssertionError(refused);
    }
  }
}
