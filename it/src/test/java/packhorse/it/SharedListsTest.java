package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

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
import packhorse.it.kit.Await;
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.NodeOptions;
import packhorse.it.kit.PlainNode;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.Repositories;
import packhorse.it.kit.Repository;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Sizes;
import packhorse.it.kit.SshKey;
import packhorse.it.kit.SshWay;
import packhorse.it.kit.Started;
import packhorse.it.kit.Turns;

/// Many clients that ask for the refs of one repository at once cost its node two asks, and nobody
/// is shown a list that is older than its question.
@ExtendWith(Leaks.class)
final class SharedListsTest {
  private static final int OTHERS = 12;
  private static final Map<String, String> PEOPLE = Map.of("al", "a", "bo", "b");
  private static final String LS_REFS =
      pkt("command=ls-refs\n") + "0001" + pkt("ref-prefix refs/heads/\n") + "0000";

  private final Path folder;
  private final Repositories repositories;
  private final Repository app;
  private final List<AutoCloseable> open = new ArrayList<>();

  SharedListsTest(@TempDir Path folder) {
    this.folder = folder;
    repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    app = repositories.sample("acme/app");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable thing : open.reversed()) thing.close();
  }

  private <T extends AutoCloseable> T closing(T thing) {
    open.add(thing);
    return thing;
  }

  private PlainNode node(boolean v0Only) {
    NodeOptions options = NodeOptions.of(repositories.root());
    return closing(PlainNode.start(v0Only ? options.v0Only() : options));
  }

  private RunningProxy proxy(PlainNode node, boolean offersV2) {
    SshKey key = SshKey.ed25519(folder, "alice");
    ProxyText text =
        ProxyText.in(folder)
            .node("one", node.url())
            .pool("offer-v2: " + offersV2)
            .user("alice", key);
    return closing(RunningProxy.start(text));
  }

  private RawClient client(RunningProxy proxy, String request) {
    return closing(RawClient.connect(proxy.port("http"))).send(request);
  }

  private static String get(RunningProxy proxy, int version, String... lines) {
    return "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\n"
        + head(proxy, version, lines);
  }

  private static String listing(RunningProxy proxy) {
    return "POST /acme/app.git/git-upload-pack HTTP/1.1\r\n"
        + head(
            proxy,
            2,
            "Content-Type: application/x-git-upload-pack-request",
            "Content-Length: " + LS_REFS.length())
        + LS_REFS;
  }

  private static String head(RunningProxy proxy, int version, String... lines) {
    String more = String.join("", Stream.of(lines).map(line -> line + "\r\n").toList());
    return ("Host: 127.0.0.1:" + proxy.port("http") + "\r\n")
        + ("Git-Protocol: version=" + version + "\r\n")
        + more
        + "\r\n";
  }

  /// The first answer of the node is held until so many others wait for the next one.
  private List<RawClient> crowd(RunningProxy proxy, PlainNode node, String request) {
    node.failNext(new Fault.Waits());
    List<RawClient> clients = new ArrayList<>(List.of(client(proxy, request)));
    Await.until("the node is asked", () -> node.requests().size() == 1);
    for (int i = 0; i < OTHERS; i++) clients.add(client(proxy, request));
    Turns.await(OTHERS);
    assertThat(node.requests()).as("asks while the first is under way").hasSize(1);
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
  void many_clients_at_once_cost_two_asks_over_http(
      boolean v0NodeOfferingV2, int version, boolean lsRefs) {
    PlainNode node = node(v0NodeOfferingV2);
    RunningProxy proxy = proxy(node, v0NodeOfferingV2);
    String request = lsRefs ? listing(proxy) : get(proxy, version);
    String alone = client(proxy, request).answer().orElseThrow().text();
    node.forget();
    List<RawClient> clients = crowd(proxy, node, request);
    node.resume();
    for (RawClient client : clients) {
      RawMessage answer = client.answer().orElseThrow();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo(alone);
      assertThat(answer.header("Cache-Control")).hasSize(1);
    }
    assertThat(node.requests()).hasSize(2);
    String shared = "asked once for " + OTHERS + " as request";
    Await.until(
        "records that say so",
        () -> proxy.audit().stream().filter(line -> line.contains(shared)).count() == OTHERS);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, false", "2, true"})
  void many_clients_at_once_cost_few_asks_over_ssh(int version, boolean v0NodeOfferingV2) {
    PlainNode node = node(v0NodeOfferingV2);
    RunningProxy proxy = proxy(node, v0NodeOfferingV2);
    node.failNext(new Fault.Waits());
    List<Started> clients = new ArrayList<>(List.of(lsRemote(proxy, version)));
    Await.until("the node is asked", () -> node.requests().size() == 1);
    for (int i = 0; i < OTHERS; i++) clients.add(lsRemote(proxy, version));
    Turns.await(OTHERS);
    assertThat(node.requests()).hasSize(1);
    node.resume();
    for (Started client : clients) {
      assertThat(client.finish().expectSuccess().stdout()).contains(app.id("main"));
    }
    int advertisements = node.requests(SeenRequest::advertisement).size();
    if (v0NodeOfferingV2) {
      // lists are asked for as advertisements too, when each client comes to it
      assertThat(advertisements).isLessThan(2 + clients.size());
    } else {
      assertThat(advertisements).isEqualTo(2);
    }
  }

  private Started lsRemote(RunningProxy proxy, int version) {
    Path key = folder.resolve("alice");
    GitRunner git =
        GitRunner.in(folder.resolve("client"))
            .ssh(SshWay.trusting(key, proxy.port("ssh"), folder.resolve("known_hosts")))
            .protocol(version);
    return closing(git.command("ls-remote", proxy.ssh("acme/app")).start());
  }

  @Test
  void users_whom_the_node_tells_apart_never_share() {
    PlainNode node = closing(PlainNode.start(NodeOptions.of(repositories.root()).users(PEOPLE)));
    RunningProxy proxy = proxy(node, false);
    node.fail(3, request -> true, new Fault.Waits());
    // al:a, bo:b, and nobody
    RawClient al = client(proxy, get(proxy, 0, "Authorization: Basic YWw6YQ=="));
    RawClient bo = client(proxy, get(proxy, 0, "Authorization: Basic Ym86Yg=="));
    RawClient nobody = client(proxy, get(proxy, 0));
    Await.until("three asks at once", () -> node.requests().size() == 3);
    node.resume();
    assertThat(al.answer().orElseThrow().status()).isEqualTo(200);
    assertThat(bo.answer().orElseThrow().status()).isEqualTo(200);
    assertThat(nobody.answer().orElseThrow().status()).isEqualTo(401);
  }

  @Test
  void a_refusal_of_the_node_is_shared_as_it_came() {
    PlainNode node = closing(PlainNode.start(NodeOptions.of(repositories.root()).users(PEOPLE)));
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = crowd(proxy, node, get(proxy, 0));
    node.resume();
    for (RawClient client : clients) {
      RawMessage answer = client.answer().orElseThrow();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate")).containsExactly("Basic realm=\"node\"");
      assertThat(answer.text()).isEqualTo("who are you?\n");
    }
    assertThat(node.requests()).hasSize(2);
  }

  @Test
  void when_the_shared_ask_fails_each_is_told_in_words() {
    PlainNode node = node(false);
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = crowd(proxy, node, get(proxy, 0));
    node.failNext(Fault.Says.page(200, "<html>busy</html>"));
    node.resume();
    assertThat(clients.removeFirst().answer().orElseThrow().status()).isEqualTo(200);
    for (RawClient client : clients) {
      assertThat(client.answer().orElseThrow().text())
          .contains("the node one answered with a page");
    }
    assertThat(client(proxy, get(proxy, 0)).answer().orElseThrow().status()).isEqualTo(200);
  }

  @Test
  void when_the_shared_answer_breaks_off_each_is_told_and_the_node_fails_once() {
    PlainNode node = node(false);
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = crowd(proxy, node, get(proxy, 0));
    node.failNext(new Fault.Cuts(100));
    node.resume();
    assertThat(clients.removeFirst().answer().orElseThrow().status()).isEqualTo(200);
    for (RawClient client : clients) {
      assertThat(client.answer().orElseThrow().status()).isEqualTo(502);
    }
    assertThat(client(proxy, get(proxy, 0)).answer().orElseThrow().status()).isEqualTo(200);
  }

  @Test
  void clients_that_leave_while_they_wait_are_not_missed() {
    PlainNode node = node(false);
    RunningProxy proxy = proxy(node, false);
    List<RawClient> clients = crowd(proxy, node, get(proxy, 0));
    for (RawClient leaving : clients.subList(0, OTHERS / 2)) leaving.reset();
    node.resume();
    for (RawClient client : clients.subList(OTHERS / 2, clients.size())) {
      assertThat(client.answer().orElseThrow().text()).contains(app.id("main"));
    }
    assertThat(node.requests()).hasSize(2);
  }

  @Tag("counted")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_is_pushed_at_the_node_is_listed_at_once_however_many_ask(boolean v0NodeOfferingV2) {
    PlainNode node = node(v0NodeOfferingV2);
    RunningProxy proxy = proxy(node, v0NodeOfferingV2);
    String request = listing(proxy);
    var asking = new Askers(proxy.port("http"), request);
    try (asking) {
      asking.start(4);
      for (int i = 0; i < Sizes.pick(60, 1_000); i++) {
        String id = app.commit("main", "direct.txt", "direct " + i + "\n");
        try (RawClient reader = RawClient.connect(proxy.port("http"))) {
          reader.send(request);
          assertThat(reader.answer().orElseThrow().text()).contains(id + " refs/heads/main");
        }
      }
    }
    assertThat(asking.answers()).as("lists that others read meanwhile").isPositive();
  }
}
