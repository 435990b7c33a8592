package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.delayed;
import static packhorse.kit.ScriptedLink.resetsConnection;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.node.ClientGoneException;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;
import packhorse.wire.ProtocolVersion;

/// What an HTTP client receives while the node is silent, and how the response continues then.
final class KeepAliveWriterTest {
  private static final String KEEP_ALIVE = "0005\2";
  private static final String PACKFILE = pkt("packfile\n");
  private static final String PACK = pkt("\1PACK...") + "0000";
  private static final String NOT_OUR_REF = "upload-pack: not our ref " + Pushes.ID_1;

  private static RequestFixture fixture() {
    return RequestFixture.fetch().authentication(Pool.Authentication.PROXY).nodes("a");
  }

  private static String fetch(String arguments) {
    return pkt("command=fetch\n") + "0001" + pkt("want " + Pushes.ID_1 + "\n") + arguments + "0000";
  }

  private static RecordingClient cloneClient() {
    return RecordingClient.withBody(fetch(pkt("done\n")));
  }

  @Test
  void the_client_receives_the_packfile_line_once_then_keep_alives_then_the_remainder()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    scene.link.script("a", delayed(3, responds(200, PACKFILE + PACK)));
    RecordingClient client = cloneClient();
    Answer answer = scene.answer(client);
    assertThat(client.earlyOutput()).isEqualTo(PACKFILE + KEEP_ALIVE + KEEP_ALIVE + KEEP_ALIVE);
    assertThat(client.receivedBody()).contains(PACK);
    assertThat(client.status()).isEqualTo(200);
    assertThat(client.headers().firstValue("Content-Type"))
        .contains("application/x-git-upload-pack-result");
    assertThat(client.headers().firstValue("Cache-Control")).isPresent();
    assertThat(answer.bytes()).as("bytes from the node").isEqualTo(PACK.length());
  }

  @Test
  void a_v0_client_receives_a_nak_before_the_keep_alives() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture().version(ProtocolVersion.V0));
    scene.link.script("a", delayed(1, responds(200, pkt("NAK\n") + PACK)));
    var client =
        RecordingClient.withBody(
            pkt("want " + Pushes.ID_1 + " side-band-64k\n") + "0000" + pkt("done\n"));
    scene.answer(client);
    assertThat(client.earlyOutput()).isEqualTo(pkt("NAK\n") + KEEP_ALIVE);
    assertThat(client.receivedBody()).contains(PACK);
  }

  @Test
  void with_sideband_all_the_response_follows_completely_after_the_keep_alives() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    String framed = pkt("\1shallow-info\n") + pkt("\1shallow " + Pushes.ID_2) + "0001";
    scene.link.script("a", delayed(1, responds(200, framed + pkt("\1packfile\n") + PACK)));
    var client =
        RecordingClient.withBody(fetch(pkt("sideband-all\n") + pkt("deepen 1\n") + pkt("done\n")));
    scene.answer(client);
    assertThat(client.earlyOutput()).isEqualTo(KEEP_ALIVE);
    assertThat(client.receivedBody()).contains(framed + pkt("\1packfile\n") + PACK);
  }

  @Test
  void a_response_without_delay_is_forwarded_unchanged() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    scene.link.script("a", responds(200, PACKFILE + PACK, "X-Own: 1"));
    RecordingClient client = cloneClient();
    Answer answer = scene.answer(client);
    assertThat(client.earlyOutput()).isEmpty();
    assertThat(client.receivedBody()).contains(PACKFILE + PACK);
    assertThat(client.headers().firstValue("X-Own")).contains("1");
    assertThat(answer.bytes()).isEqualTo((PACKFILE + PACK).length());
  }

  @Test
  void a_fetch_with_a_depth_gets_no_keep_alives() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    String shallowResponse =
        pkt("shallow-info\n") + pkt("shallow " + Pushes.ID_2) + "0001" + PACKFILE + PACK;
    scene.link.script("a", delayed(2, responds(200, shallowResponse)));
    var client = RecordingClient.withBody(fetch(pkt("deepen 1\n") + pkt("done\n")));
    scene.answer(client);
    assertThat(client.earlyOutput()).isEmpty();
    assertThat(client.receivedBody()).contains(shallowResponse);
  }

  @Test
  void a_pack_that_one_node_lacks_comes_from_another_after_the_keep_alives() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture().nodes("a", "b", "c"));
    scene.link.script("a", delayed(1, responds(200, pkt("ERR " + NOT_OUR_REF))));
    scene.link.script("b", delayed(1, resetsConnection()));
    scene.link.script("c", responds(200, PACKFILE + PACK));
    RecordingClient client = cloneClient();
    scene.answer(client);
    assertThat(scene.link.requestedNodes()).containsExactly("a", "b", "c");
    assertThat(client.earlyOutput()).isEqualTo(PACKFILE + KEEP_ALIVE + KEEP_ALIVE);
    assertThat(client.receivedBody()).contains(PACK);
  }

  @Test
  void an_object_that_no_node_has_is_reported_in_the_nodes_words_on_the_error_band()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    scene.link.script("a", delayed(1, responds(200, pkt("ERR " + NOT_OUR_REF))));
    RecordingClient client = cloneClient();
    scene.answer(client);
    assertThat(client.receivedBody()).contains(pkt("\3" + NOT_OUR_REF));
  }

  @Test
  void an_error_status_after_the_keep_alives_becomes_a_refusal() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    scene.link.script("a", delayed(1, responds(500, "oops")));
    RecordingClient client = cloneClient();
    RefusalException refused = scene.refusal(client);
    assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_FAILED);
    assertThat(refused.refusal().detail()).contains("status 500");
    assertThat(client.receivedBody()).isEmpty();
    assertThat(scene.link.allResponsesClosed()).isTrue();
  }

  @Test
  void a_response_that_does_not_start_with_a_pack_is_not_forwarded_after_keep_alives()
      throws Exception {
    for (String unexpected : new String[] {"0000", pkt("acknowledgments\n"), "PACKxxxx", ""}) {
      ExchangeScene scene = new ExchangeScene(fixture());
      scene.link.script("a", delayed(1, responds(200, unexpected)));
      RecordingClient client = cloneClient();
      RefusalException refused = scene.refusal(client);
      assertThat(refused.refusal().kind()).as(unexpected).isEqualTo(Kind.NODE_FAILED);
      assertThat(client.receivedBody()).as(unexpected).isEmpty();
      assertThat(scene.link.allResponsesClosed()).isTrue();
    }
  }

  @Test
  void a_response_that_is_truncated_in_its_first_line_counts_as_a_failure_of_the_node()
      throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    scene.link.script("a", delayed(1, truncatesAfter("000dpack")));
    scene.failProbe("a");
    for (int i = 0; i < 3; i++) {
      RefusalException refused = scene.refusal(cloneClient());
      assertThat(refused.refusal().kind()).isEqualTo(Kind.NODE_FAILED);
    }
    assertThat(scene.isDown("a")).isTrue();
  }

  @Test
  void a_repository_that_was_found_to_be_shallow_gets_no_keep_alives_again() throws Exception {
    ExchangeScene scene = new ExchangeScene(fixture());
    String shallowResponse =
        pkt("shallow-info\n") + pkt("shallow " + Pushes.ID_2) + "0001" + PACKFILE + PACK;
    scene.link.script("a", delayed(1, responds(200, shallowResponse)));
    scene.refusal(cloneClient());
    RecordingClient again = cloneClient();
    scene.answer(again);
    assertThat(again.earlyOutput()).isEmpty();
    assertThat(again.receivedBody()).contains(shallowResponse);
  }

  @Test
  void a_client_that_has_left_ends_the_request_to_the_node() {
    ExchangeScene scene = new ExchangeScene(fixture().nodes("a", "b"));
    scene.link.script("a", delayed(1, responds(200, PACKFILE + PACK)));
    scene.link.script("b", delayed(1, responds(200, PACKFILE + PACK)));
    assertThatThrownBy(() -> scene.answer(cloneClient().disconnecting()))
        .isInstanceOf(ClientGoneException.class);
    assertThat(scene.link.requests()).hasSize(1);
  }

  // The status 200 of the keep-alives leaves no way to request a password.
  @Test
  void where_nodes_check_credentials_there_are_no_keep_alives_before_a_node_granted_access()
      throws Exception {
    var basic = new Credential.Basic("al", "secret", "Basic YWw6c2VjcmV0");
    ExchangeScene scene = new ExchangeScene(RequestFixture.fetch().credential(basic).nodes("a"));
    scene.link.script(
        "a",
        delayed(1, responds(200, PACKFILE + PACK)),
        responds(401, ""),
        delayed(1, responds(200, PACKFILE + PACK)),
        responds(200, "0000"),
        delayed(1, responds(200, PACKFILE + PACK)));
    String lsRefs = pkt("command=ls-refs\n") + "0000";
    assertThat(earlyOutput(scene)).isEmpty();
    scene.answer(RecordingClient.withBody(lsRefs));
    assertThat(earlyOutput(scene)).isEmpty();
    scene.answer(RecordingClient.withBody(lsRefs));
    assertThat(earlyOutput(scene)).isEqualTo(PACKFILE + KEEP_ALIVE);
  }

  private static String earlyOutput(ExchangeScene scene) throws Exception {
    RecordingClient client = cloneClient();
    scene.answer(client);
    return client.earlyOutput();
  }

  @Test
  void translated_responses_continue_after_the_keep_alives() throws Exception {
    String v0 =
        pkt("# service=git-upload-pack\n")
            + "0000"
            + pkt(Pushes.ID_1 + " HEAD\0multi_ack_detailed side-band-64k shallow\n")
            + "0000";
    ExchangeScene scene = new ExchangeScene(fixture().offeringV2());
    scene.link.script(
        "a",
        responds(200, v0),
        delayed(2, responds(200, pkt("NAK\n") + PACK)),
        delayed(1, responds(200, pkt("ERR " + NOT_OUR_REF))),
        delayed(1, responds(200, pkt("NAK\n") + PACK)));
    RecordingClient client = cloneClient();
    scene.answer(client);
    assertThat(client.earlyOutput()).isEqualTo(PACKFILE + KEEP_ALIVE + KEEP_ALIVE);
    assertThat(client.receivedBody()).contains(PACK);
    RecordingClient refused = cloneClient();
    scene.answer(refused);
    assertThat(refused.receivedBody()).contains(pkt("\3" + NOT_OUR_REF));
    var framed = RecordingClient.withBody(fetch(pkt("sideband-all\n") + pkt("done\n")));
    scene.answer(framed);
    assertThat(framed.earlyOutput()).isEqualTo(KEEP_ALIVE);
    assertThat(framed.receivedBody()).contains(pkt("\1packfile\n") + PACK);
  }

  @Test
  void a_translated_clone_of_a_shallow_repository_gets_no_keep_alives() throws Exception {
    String v0 =
        pkt("# service=git-upload-pack\n")
            + "0000"
            + pkt(Pushes.ID_1 + " HEAD\0multi_ack_detailed side-band-64k shallow\n")
            + pkt("shallow " + Pushes.ID_2)
            + "0000";
    ExchangeScene scene = new ExchangeScene(fixture().offeringV2());
    scene.link.script("a", responds(200, v0), delayed(2, responds(200, pkt("NAK\n") + PACK)));
    RecordingClient client = cloneClient();
    scene.answer(client);
    assertThat(client.earlyOutput()).isEmpty();
    assertThat(client.receivedBody().orElseThrow()).startsWith(pkt("shallow-info\n"));
  }
}
