package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.proxy.WaitingRequests;
import packhorse.it.kit.ssh.OpenSshClient;
import packhorse.it.kit.ssh.SshKey;

/// Concurrent requests for the refs of one repository cost its node two requests, and no client
/// gets an advertisement that is older than its request.
@ExtendWith(LeakDetector.class)
final class CoalescedAdvertisementsTest {
  private static final int WAITING = 12;
  private static final Map<String, String> USERS = Map.of("al", "a", "bo", "b");
  private static final String LS_REFS =
      pkt("command=ls-refs\n") + "0001" + pkt("ref-prefix refs/heads/\n") + "0000";

  private static final String SITES =
      """
      { code: { url: "http://code.test:8080", pool: nodes,
                aliases: [ "http://code.test:8081", "http://ci.code.test:8080" ] },
        lab: { url: "http://lab.test:8080", pool: nodes } }
      """
          .strip()
          .replace("\n", " ");

  private final Path folder;
  private final Repositories repositories;
  private final Repository repository;
  private final List<AutoCloseable> resources = new ArrayList<>();

  CoalescedAdvertisementsTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repository = repositories.sample("acme/app");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable resource : resources.reversed()) resource.close();
  }

  private <T extends AutoCloseable> T closeAfterTest(T resource) {
    resources.add(resource);
    return resource;
  }

  private PlainNode node(boolean v0Only) {
    NodeOptions options = NodeOptions.of(repositories.root());
    return closeAfterTest(PlainNode.start(v0Only ? options.v0Only() : options));
  }

  private RunningProxy proxy(PlainNode node, boolean offerV2) {
    SshKey key = SshKey.ed25519(folder, "alice");
    ProxyConfig config =
        ProxyConfig.in(folder)
            .node("one", node.url())
            .pool("offer-v2: " + offerV2)
            .user("alice", key);
    return closeAfterTest(RunningProxy.start(config));
  }

  private RawClient client(RunningProxy proxy, String request) {
    return closeAfterTest(RawClient.connect(proxy.port("http"))).send(request);
  }

  private static String advertisementRequest(
      RunningProxy proxy, int version, String... headerLines) {
    return "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n"
        + requestHead(proxy, version, headerLines);
  }

  private static String lsRefsRequest(RunningProxy proxy) {
    return "POST /acme/app.git/git-upload-pack HTTP/1.1\r\n"
        + requestHead(
            proxy,
            2,
            "Content-Type: application/x-git-upload-pack-request",
            "Content-Length: " + LS_REFS.length())
        + LS_REFS;
  }

  private static String requestHead(RunningProxy proxy, int version, String... headerLines) {
    String headers = String.join("", Stream.of(headerLines).map(line -> line + "\r\n").toList());
    return ("Host: 127.0.0.1:" + proxy.port("http") + "\r\n")
        + ("Git-Protocol: version=" + version + "\r\n")
        + headers
        + "\r\n";
  }

  /// Sends a first request, whose response the node delays, and others until they all wait for the
  /// next node request.
  private List<RawClient> sendConcurrently(RunningProxy proxy, PlainNode node, String request) {
    node.failNext(new Fault.Delay());
    List<RawClient> clients = new ArrayList<>(List.of(client(proxy, request)));
    Await.until("the node has the request", () -> node.requests().size() == 1);
    for (int i = 0; i < WAITING; i++) clients.add(client(proxy, request));
    WaitingRequests.await(WAITING);
    assertThat(node.requests()).as("node requests while the first one is in flight").hasSize(1);
    return clients;
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0, false",
    "false, 1, false",
    "false, 2, false",
    "false, 2, true",
    "true, 0, false",
    "true, 2, false",
    "true, 2, true"
  })
  void concurrent_http_requests_cost_two_node_requests(
      boolean v0NodeOfferingV2, int version, boolean lsRefs) {
    PlainNode node = node(v0NodeOfferingV2);
    RunningProxy proxy = proxy(node, v0NodeOfferingV2);
    String request = lsRefs ? lsRefsRequest(proxy) : advertisementRequest(proxy, version);
    String expected = client(proxy, request).readResponse().orElseThrow().bodyText();
    node.clearRequests();
    List<RawClient> clients = sendConcurrently(proxy, node, request);
    node.resume();
    for (RawClient client : clients) {
      RawMessage response = client.readResponse().orElseThrow();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.bodyText()).isEqualTo(expected);
      assertThat(response.header("Cache-Control")).hasSize(1);
    }
    assertThat(node.requests()).hasSize(2);
    String shared = "asked once for " + WAITING + " as request";
    Await.until(
        "audit records of the coalesced requests",
        () ->
            proxy.auditRecords().stream().filter(line -> line.contains(shared)).count() == WAITING);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, false", "2, true"})
  void concurrent_ssh_requests_cost_few_node_requests(int version, boolean v0NodeOfferingV2) {
    PlainNode node = node(v0NodeOfferingV2);
    RunningProxy proxy = proxy(node, v0NodeOfferingV2);
    node.failNext(new Fault.Delay());
    List<RunningCommand> clients = new ArrayList<>(List.of(lsRemote(proxy, version)));
    Await.until("the node has the request", () -> node.requests().size() == 1);
    for (int i = 0; i < WAITING; i++) clients.add(lsRemote(proxy, version));
    WaitingRequests.await(WAITING);
    assertThat(node.requests()).hasSize(1);
    node.resume();
    for (RunningCommand client : clients) {
      assertThat(client.waitFor().expectSuccess().stdout()).contains(repository.id("main"));
    }
    int advertisements = node.requests(RecordedRequest::isAdvertisement).size();
    if (v0NodeOfferingV2) {
      // The requests for lists become advertisement requests too, one for each client at its time.
      assertThat(advertisements).isLessThan(2 + clients.size());
    } else {
      assertThat(advertisements).isEqualTo(2);
    }
  }

  private RunningCommand lsRemote(RunningProxy proxy, int version) {
    Path key = folder.resolve("alice");
    GitRunner git =
        GitRunner.in(folder.resolve("client"))
            .ssh(
                OpenSshClient.acceptNewHostKey(
                    key, proxy.port("ssh"), folder.resolve("known_hosts")))
            .protocol(version);
    return closeAfterTest(git.command("ls-remote", proxy.sshUrl("acme/app")).start());
  }

  @Test
  void requests_with_different_credentials_are_not_coalesced() {
    PlainNode node =
        closeAfterTest(PlainNode.start(NodeOptions.of(repositories.root()).withUsers(USERS)));
    RunningProxy proxy = proxy(node, false);
    node.fail(3, request -> true, new Fault.Delay());
    // The credentials are al:a, bo:b, and none.
    RawClient al = client(proxy, advertisementRequest(proxy, 0, "Authorization: Basic YWw6YQ=="));
    RawClient bo = client(proxy, advertisementRequest(proxy, 0, "Authorization: Basic Ym86Yg=="));
    RawClient anonymous = client(proxy, advertisementRequest(proxy, 0));
    Await.until("three concurrent node requests", () -> node.requests().size() == 3);
    node.resume();
    assertThat(al.readResponse().orElseThrow().status()).isEqualTo(200);
    assertThat(bo.readResponse().orElseThrow().status()).isEqualTo(200);
    assertThat(anonymous.readResponse().orElseThrow().status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "/acme/app.git/, code.test:8080",
    "/acme/app/, code.test:8081",
    "/acme/app/, ci.code.test:8080",
    "/acme/app/, lab.test:8080"
  })
  void requests_to_another_path_port_name_or_site_are_not_coalesced(String path, String host) {
    PlainNode node = node(false);
    ProxyConfig config = ProxyConfig.in(folder).node("one", node.url()).section("sites", SITES);
    String listener = "  http: { address: \"127.0.0.1:%d\" }".formatted(config.httpPort());
    RunningProxy proxy = closeAfterTest(RunningProxy.start(config.listeners(listener)));
    node.fail(2, request -> true, new Fault.Delay());
    String head = "GET %sinfo/refs?service=git-upload-pack HTTP/1.1\r\nHost: %s\r\n\r\n";
    List<RawClient> clients =
        List.of(
            client(proxy, head.formatted("/acme/app/", "code.test:8080")),
            client(proxy, head.formatted(path, host)));
    Await.until("two concurrent node requests", () -> node.requests().size() == 2);
    node.resume();
    for (RawClient client : clients) {
      assertThat(client.readResponse().orElseThrow().bodyText()).contains(repository.id("main"));
    }
  }

  @Test
  void a_401_of_the_node_is_shared_unchanged() {
    PlainNode node =
        closeAfterTest(PlainNode.start(NodeOptions.of(repositories.root()).withUsers(USERS)));
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = sendConcurrently(proxy, node, advertisementRequest(proxy, 0));
    node.resume();
    for (RawClient client : clients) {
      RawMessage response = client.readResponse().orElseThrow();
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.header("WWW-Authenticate")).containsExactly("Basic realm=\"node\"");
      assertThat(response.bodyText()).isEqualTo("who are you?\n");
    }
    assertThat(node.requests()).hasSize(2);
  }

  @Test
  void a_failed_shared_request_is_reported_to_each_client() {
    PlainNode node = node(false);
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = sendConcurrently(proxy, node, advertisementRequest(proxy, 0));
    node.failNext(Fault.FixedResponse.htmlPage(200, "<html>busy</html>"));
    node.resume();
    assertThat(clients.removeFirst().readResponse().orElseThrow().status()).isEqualTo(200);
    for (RawClient client : clients) {
      assertThat(client.readResponse().orElseThrow().bodyText())
          .contains("the node one responded with a web page");
    }
    assertThat(client(proxy, advertisementRequest(proxy, 0)).readResponse().orElseThrow().status())
        .isEqualTo(200);
  }

  @Test
  void a_truncated_shared_response_is_an_error_for_each_client() {
    PlainNode node = node(false);
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = sendConcurrently(proxy, node, advertisementRequest(proxy, 0));
    node.failNext(new Fault.Disconnect(100));
    node.resume();
    assertThat(clients.removeFirst().readResponse().orElseThrow().status()).isEqualTo(200);
    for (RawClient client : clients) {
      assertThat(client.readResponse().orElseThrow().status()).isEqualTo(502);
    }
    assertThat(client(proxy, advertisementRequest(proxy, 0)).readResponse().orElseThrow().status())
        .isEqualTo(200);
  }

  @Test
  void clients_that_disconnect_while_waiting_do_not_affect_the_others() {
    PlainNode node = node(false);
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = sendConcurrently(proxy, node, advertisementRequest(proxy, 0));
    for (RawClient client : clients.subList(0, WAITING / 2)) client.reset();
    node.resume();
    for (RawClient client : clients.subList(WAITING / 2, clients.size())) {
      assertThat(client.readResponse().orElseThrow().bodyText()).contains(repository.id("main"));
    }
    assertThat(node.requests()).hasSize(2);
  }

  @Tag("counted")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_push_at_the_node_is_listed_at_once_under_load(boolean v0NodeOfferingV2) {
    PlainNode node = node(v0NodeOfferingV2);
    RunningProxy proxy = proxy(node, v0NodeOfferingV2);
    String request = lsRefsRequest(proxy);
    var load = new LoadGenerator(proxy.port("http"), request);
    try (load) {
      load.start(4);
      for (int i = 0; i < TestProfile.pick(60, 1_000); i++) {
        String id = repository.commit("main", "direct.txt", "direct " + i + "\n");
        try (RawClient reader = RawClient.connect(proxy.port("http"))) {
          reader.send(request);
          assertThat(reader.readResponse().orElseThrow().bodyText())
              .contains(id + " refs/heads/main");
        }
      }
    }
    assertThat(load.responseCount()).as("responses of the clients that generate load").isPositive();
  }
}
