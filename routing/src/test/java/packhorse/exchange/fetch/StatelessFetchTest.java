package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.exchange.ExchangeScene.listOfMain;
import static packhorse.exchange.ExchangeScene.replicated;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.delayed;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.resetsConnection;
import static packhorse.kit.ScriptedLink.responds;

import java.util.List;
import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.NodeRequest;
import packhorse.placement.Storage;
import packhorse.request.GitRequest.Step;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.wire.GitService;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.refs.RefTips;

/// Requests to `upload-pack` over HTTP.
final class StatelessFetchTest {
  private static final ObjectId ONE = new ObjectId(Pushes.ID_1);
  private static final String LS_REFS = pkt("command=ls-refs\n") + "0000";
  private static final String FETCH =
      pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ID_1 + "\n") + pkt("done\n") + "0000";
  private static final String LS_REFS_RESULT = pkt(Pushes.ID_1 + " refs/heads/main\n") + "0000";
  private static final String NOT_OUR_REF =
      pkt("ERR upload-pack: not our ref " + Pushes.ID_1 + "\n");

  private static RecordingClient client(String body) {
    return RecordingClient.withBody(body);
  }

  @Test
  void a_request_is_forwarded_unchanged_with_its_length() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());
    scene.link.script("a", responds(200, "0000")).script("b", responds(200, "0000"));
    scene.answer(client(FETCH));
    ScriptedLink.ReceivedRequest request = scene.link.requests().getFirst();
    assertThat(request.body()).isEqualTo(FETCH);
    assertThat(request.request().body()).isInstanceOf(NodeRequest.BufferedBody.class);
    assertThat(request.request().target()).isEqualTo("/acme/app/git-upload-pack");
  }

  // Git sends its agent before the command bundle-uri.
  @Test
  void the_command_of_a_v2_request_need_not_come_first() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());
    scene.link.script("a", responds(200, "0000")).script("b", responds(200, "0000"));
    String bundleUri = pkt("agent=git/2.55") + pkt("command=bundle-uri\n") + "0000";
    scene.answer(client(bundleUri));
    assertThat(scene.link.requests().getFirst().body()).isEqualTo(bundleUri);
  }

  @Test
  void ls_refs_goes_to_the_primary_and_fetches_go_to_all_nodes() throws Exception {
    ExchangeScene scene = replicated();
    for (String node : List.of("a", "b", "c"))
      scene.link.script(node, responds(200, LS_REFS_RESULT));
    for (int i = 0; i < 5; i++) scene.answer(client(LS_REFS));
    assertThat(scene.link.requestedNodes()).containsOnly("a");
    for (int i = 0; i < 6; i++) scene.answer(client(FETCH));
    assertThat(scene.link.requestedNodes()).contains("b", "c");
  }

  @Test
  void a_fetch_of_an_object_that_replicas_lack_is_retried_and_the_primary_comes_last()
      throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, "000dpackfile\n0000"));
    scene.link.script("b", responds(200, NOT_OUR_REF)).script("c", responds(200, NOT_OUR_REF));
    for (int i = 0; i < 6; i++) {
      RecordingClient client = client(FETCH);
      Answer answer = scene.answer(client);
      assertThat(answer.node().name()).isEqualTo("a");
      // A replica that lags has not failed.
      assertThat(answer.failures()).isEmpty();
      assertThat(answer.attempts()).allMatch(Answer.Attempt::lacked);
      assertThat(client.receivedBody()).contains("000dpackfile\n0000");
    }
    // A node that lacked the object is not tried first again soon.
    assertThat(scene.link.requestedNodes().stream().filter(node -> !node.equals("a"))).hasSize(2);
  }

  @Test
  void a_fetch_that_names_refs_goes_to_the_primary() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, "0000"));
    String wantRef =
        pkt("command=fetch\n")
            + "0001"
            + pkt("want-ref refs/heads/main\n")
            + pkt("done\n")
            + "0000";
    for (int i = 0; i < 3; i++) scene.answer(client(wantRef));
    assertThat(scene.link.requestedNodes()).containsOnly("a");
  }

  @Test
  void a_node_that_goes_down_while_it_is_silent_is_not_waited_for() throws Exception {
    ExchangeScene scene = replicated();
    String list = pkt(Pushes.ID_1 + " refs/heads/main\0 ofs-delta\n") + "0000";
    scene.link.script("a", delayed(1, responds(200, LS_REFS_RESULT)));
    scene.link.script("b", responds(200, list)).script("c", responds(200, list));
    scene.link.onRequestTo("a", () -> failProbes(scene, "a"));
    Answer answer = scene.answer(client(LS_REFS));
    assertThat(answer.node().name()).isNotEqualTo("a");
    assertThat(answer.failures()).singleElement().asString().contains("went down while it was");
  }

  @Test
  void a_silent_node_is_waited_for_if_no_other_node_is_up() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", delayed(1, responds(200, LS_REFS_RESULT)));
    scene.link.onRequestTo("a", () -> List.of("a", "b", "c").forEach(n -> failProbes(scene, n)));
    Answer answer = scene.answer(client(LS_REFS));
    assertThat(answer.node().name()).isEqualTo("a");
    assertThat(answer.failures()).isEmpty();
  }

  private static void failProbes(ExchangeScene scene, String node) {
    for (int i = 0; i < 3; i++) scene.nodes.health(RequestFixture.node(node)).probeFailed("silent");
  }

  @Test
  void a_fetch_of_an_object_that_no_node_has_gets_the_error_of_git_and_the_nodes_that_were_asked()
      throws Exception {
    ExchangeScene scene = replicated();
    for (String node : List.of("a", "b", "c")) scene.link.script(node, responds(200, NOT_OUR_REF));
    RecordingClient client = client(FETCH);
    assertThat(scene.answer(client).attempts()).hasSize(2);
    String words = "upload-pack: not our ref " + Pushes.ID_1 + " (a, b, c do not have it)";
    assertThat(client.receivedBody()).contains(pkt("ERR " + words));
    assertThat(client.headers().firstValue("Content-Length"))
        .contains(Integer.toString(words.length() + 8));
    assertThat(scene.link.allResponsesClosed()).isTrue();
  }

  @Test
  void an_object_that_one_node_lacks_while_the_others_fail_is_not_called_missing_everywhere()
      throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", refusesConnection()).script("b", responds(200, NOT_OUR_REF));
    scene.link.script("c", resetsConnection());
    RecordingClient client = client(FETCH);
    scene.answer(client);
    assertThat(client.receivedBody().orElseThrow())
        .endsWith(Pushes.ID_1 + " (b does not have it; a, c did not answer)");
  }

  @Test
  void the_error_of_the_only_node_passes_unchanged() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch().nodes("a"));
    scene.link.script("a", responds(200, NOT_OUR_REF));
    RecordingClient client = client(FETCH);
    scene.answer(client);
    assertThat(client.receivedBody()).contains(NOT_OUR_REF);
  }

  // With sideband-all, git sends its errors on side-band 3.
  @Test
  void an_error_on_a_side_band_stays_there() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch().nodes("a", "b"));
    String error = pkt("\3upload-pack: not our ref " + Pushes.ID_1 + "\n");
    scene.link.script("a", responds(200, error)).script("b", responds(200, error));
    RecordingClient client = client(FETCH);
    scene.answer(client);
    assertThat(client.receivedBody())
        .contains(pkt("\3upload-pack: not our ref " + Pushes.ID_1 + " (a, b do not have it)"));
  }

  // A node that supports only v0 sends its refs to a v2 client.
  @Test
  void tips_are_recorded_in_every_protocol_version() throws Exception {
    RequestFixture advertisement =
        RequestFixture.fetch().storage(Storage.REPLICATED, "a", "b", "c").step(Step.ADVERTISEMENT);
    ExchangeScene scene = new ExchangeScene(advertisement);
    String v0 =
        pkt("# service=git-upload-pack\n")
            + "0000"
            + pkt(Pushes.ID_1 + " refs/heads/main\0 ofs-delta\n")
            + "0000";
    scene.link.script("a", responds(200, v0));
    scene.answer(client(""));
    assertThat(scene.tips.staleness(scene.asker(), RefTips.EMPTY).isStale()).isTrue();
    String v2 = pkt("version 2\n") + pkt("ls-refs=unborn\n") + "0000";
    scene.link.script("a", responds(200, v2));
    scene.answer(client(""));
    assertThat(scene.tips.staleness(scene.asker(), RefTips.EMPTY).isStale()).isTrue();
    assertThat(scene.tips.staleness(scene.asker(), listOfMain(ONE)).isNone()).isTrue();
  }

  @Test
  void a_malformed_request_reaches_no_node() throws Exception {
    for (String body : List.of("hello", "0003", "fff1x", "0032want 123\n0000", "00zz")) {
      ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());
      RefusalException refused = scene.refusal(client(body));
      assertThat(refused.refusal().kind()).as(body).isEqualTo(Kind.MALFORMED);
      assertThat(scene.link.requests()).isEmpty();
    }
  }

  @Test
  void a_request_over_the_limit_of_git_reaches_no_node() throws Exception {
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());
    RefusalException refused = scene.refusal(client("0".repeat((10 << 20) + 1)));
    assertThat(refused.refusal().kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(scene.link.requests()).isEmpty();
  }

  @Test
  void unknown_commands_are_forwarded_unparsed() throws Exception {
    String unknown = pkt("command=object-info\n") + "0001" + pkt("size\n") + "0000";
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch());
    scene.link.script("a", responds(200, "0000")).script("b", responds(200, "0000"));
    scene.answer(client(unknown));
    assertThat(scene.link.requests().getFirst().body()).isEqualTo(unknown);
  }

  @Test
  void the_packs_of_two_hundred_clones_with_three_requests_each_are_distributed_evenly()
      throws Exception {
    ExchangeScene scene =
        new ExchangeScene(RequestFixture.fetch().storage(Storage.SHARED, "a", "b", "c"));
    for (String node : List.of("a", "b", "c")) scene.link.script(node, responds(200, "0000"));
    for (int i = 0; i < 200; i++) {
      scene.answer(client(LS_REFS));
      scene.answer(client(LS_REFS));
      scene.answer(client(FETCH));
    }
    for (String node : List.of("a", "b", "c")) {
      long packs =
          scene.link.requests().stream()
              .filter(request -> request.node().equals(node) && request.body().equals(FETCH))
              .count();
      assertThat(packs).isBetween(64L, 70L);
    }
  }

  @Test
  void an_archive_is_routed_as_a_read() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(
            RequestFixture.fetch().service(GitService.UPLOAD_ARCHIVE).version(ProtocolVersion.V0));
    scene.link.script("a", responds(200, "0008ACK\n")).script("b", responds(200, "0008ACK\n"));
    scene.answer(client(pkt("argument HEAD\n") + "0000"));
    assertThat(scene.link.requests().getFirst().request().target())
        .isEqualTo("/acme/app/git-upload-archive");
  }
}
