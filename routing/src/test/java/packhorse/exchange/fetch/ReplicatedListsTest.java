package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.exchange.ExchangeScene.listOfMain;
import static packhorse.exchange.ExchangeScene.replicated;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.refusesConnection;
import static packhorse.kit.ScriptedLink.resetsConnection;
import static packhorse.kit.ScriptedLink.responds;

import java.util.List;
import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingClient;
import packhorse.kit.RequestFixture;
import packhorse.kit.ScriptedLink;
import packhorse.node.tips.ShownList;
import packhorse.placement.Storage;
import packhorse.request.GitRequest;
import packhorse.wire.GitService;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.refs.RefTips;

/// Lists of refs, and other reads that depend on refs, of a replicated pool whose primary fails or
/// comes back with older data.
final class ReplicatedListsTest {
  private static final ObjectId ONE = new ObjectId(Pushes.ID_1);
  private static final String LS_REFS = pkt("command=ls-refs\n") + "0000";
  private static final String LS_REFS_RESULT = pkt(Pushes.ID_1 + " refs/heads/main\n") + "0000";

  private static RecordingClient client(String body) {
    return RecordingClient.withBody(body);
  }

  @Test
  void without_the_primary_ls_refs_goes_to_a_replica_that_has_the_tips_shown_before()
      throws Exception {
    ExchangeScene scene = replicated();
    String staleAdvertisement = pkt("2".repeat(40) + " refs/heads/main\0 ofs-delta\n") + "0000";
    String currentAdvertisement = pkt(Pushes.ID_1 + " refs/heads/main\0 ofs-delta\n") + "0000";
    scene
        .link
        .script("a", responds(200, LS_REFS_RESULT))
        .script("b", responds(200, staleAdvertisement));
    scene.link.script("c", responds(200, currentAdvertisement));
    scene.answer(client(LS_REFS));
    for (int i = 0; i < 3; i++)
      scene.nodes.health(RequestFixture.node("a")).requestFailed("down", false);
    for (int i = 0; i < 4; i++) {
      Answer answer = scene.answer(client(LS_REFS));
      assertThat(answer.node().name()).isEqualTo("c");
      assertThat(answer.route().describe()).contains("the primary is down");
    }
  }

  // Before probes or failures have marked it down.
  @Test
  void when_the_primary_fails_ls_refs_goes_to_a_replica_that_has_the_tips_shown_before()
      throws Exception {
    for (ScriptedLink.Step failure :
        List.of(refusesConnection(), resetsConnection(), responds(503, ""))) {
      ExchangeScene scene = replicated();
      String stale = pkt("2".repeat(40) + " refs/heads/main\0 ofs-delta\n") + "0000";
      String current = pkt(Pushes.ID_1 + " refs/heads/main\0 ofs-delta\n") + "0000";
      scene.link.script("a", responds(200, LS_REFS_RESULT), failure);
      scene.link.script("b", responds(200, stale)).script("c", responds(200, current));
      scene.answer(client(LS_REFS));
      for (int i = 0; i < 2; i++) {
        Answer answer = scene.answer(client(LS_REFS));
        assertThat(answer.node().name()).isEqualTo("c");
        assertThat(answer.route().describe()).contains("the primary failed: may be old");
        assertThat(answer.failures()).hasSize(1);
      }
    }
  }

  /// A list of two branches as a node advertises it.
  private static String branches(String first, String second) {
    return pkt(first + " refs/heads/first\0 ofs-delta\n")
        + pkt(second + " refs/heads/second\n")
        + "0000";
  }

  @Test
  void a_list_of_one_branch_does_not_hide_what_was_shown_of_the_others() throws Exception {
    ExchangeScene scene = replicated();
    String one = Pushes.ID_1;
    String two = Pushes.ID_2;
    scene.link.script(
        "a",
        responds(200, branches(two, two)),
        responds(200, pkt(two + " refs/heads/first\n") + "0000"),
        refusesConnection());
    scene.link.script("b", responds(200, branches(two, one)));
    scene.link.script("c", responds(200, branches(two, two)));
    scene.answer(client(LS_REFS));
    scene.answer(
        client(pkt("command=ls-refs\n") + "0001" + pkt("ref-prefix refs/heads/first\n") + "0000"));
    for (int i = 0; i < 4; i++) {
      assertThat(scene.answer(client(LS_REFS)).node().name()).isEqualTo("c");
    }
  }

  @Test
  void if_all_replicas_are_behind_the_one_that_is_least_behind_is_asked() throws Exception {
    ExchangeScene scene = replicated();
    String one = Pushes.ID_1;
    String two = Pushes.ID_2;
    scene.link.script("a", responds(200, branches(two, two)), refusesConnection());
    scene.link.script("b", responds(200, branches(one, one)));
    scene.link.script("c", responds(200, branches(two, one)));
    scene.answer(client(LS_REFS));
    for (int i = 0; i < 4; i++) {
      Answer answer = scene.answer(client(LS_REFS));
      assertThat(answer.node().name()).isEqualTo("c");
      assertThat(answer.route().describe())
          .contains("no node has all objects that were shown before");
    }
  }

  // An archive names a branch; the dumb protocol reads the list of refs as a file.
  @Test
  void when_the_primary_fails_whatever_names_refs_goes_to_a_replica_that_is_not_behind()
      throws Exception {
    String wantRef =
        pkt("command=fetch\n")
            + "0001"
            + pkt("want-ref refs/heads/main\n")
            + pkt("done\n")
            + "0000";
    String unknown = pkt("command=object-info\n") + "0001" + pkt("size\n") + "0000";
    String archive = pkt("argument refs/heads/main\n") + "0000";
    for (String request : List.of(wantRef, unknown, archive)) {
      RequestFixture fixture = RequestFixture.fetch().storage(Storage.REPLICATED, "a", "b", "c");
      if (request.equals(archive)) {
        fixture = fixture.service(GitService.UPLOAD_ARCHIVE).version(ProtocolVersion.V0);
      }
      ExchangeScene scene = new ExchangeScene(fixture);
      String stale = pkt("2".repeat(40) + " refs/heads/main\0 ofs-delta\n") + "0000";
      String current = pkt(Pushes.ID_1 + " refs/heads/main\0 ofs-delta\n") + "0000";
      scene.tips.record(
          scene.asker(), new ShownList(listOfMain(ONE), scene.tips.nextOrder(), true, true));
      scene.link.script("a", refusesConnection());
      scene.link.script("b", responds(200, stale)).script("c", responds(200, current));
      for (int i = 0; i < 4; i++) {
        assertThat(scene.answer(client(request)).node().name()).as(request).isEqualTo("c");
      }
    }
  }

  // What a browser asks before its request depends on no refs, and anybody may ask it.
  @Test
  void for_a_preflight_no_refs_are_compared() throws Exception {
    ExchangeScene scene =
        new ExchangeScene(
            RequestFixture.fetch()
                .storage(Storage.REPLICATED, "a", "b", "c")
                .step(GitRequest.Step.PREFLIGHT));
    scene.link.script("a", refusesConnection());
    scene.link.script("b", responds(204, "")).script("c", responds(204, ""));
    Answer answer = scene.answer(client(""));
    assertThat(answer.route().describe()).contains("read, primary");
    assertThat(scene.link.requestedNodes()).containsExactly("a", answer.node().name());
  }

  @Test
  void an_older_list_of_a_replica_is_never_remembered() throws Exception {
    ExchangeScene scene = replicated();
    String stale = pkt("2".repeat(40) + " refs/heads/main\0 ofs-delta\n") + "0000";
    scene.link.script("a", responds(200, LS_REFS_RESULT), refusesConnection());
    scene.link.script("b", responds(200, stale)).script("c", responds(200, stale));
    scene.answer(client(LS_REFS));
    Answer answer = scene.answer(client(LS_REFS));
    assertThat(answer.route().describe())
        .contains("no node has all objects that were shown before");
    assertThat(scene.tips.staleness(scene.asker(), listOfMain(ONE)).isNone()).isTrue();
    assertThat(scene.tips.staleness(scene.asker(), RefTips.EMPTY).isStale()).isTrue();
  }

  private static String list(int digit) {
    return pkt(String.valueOf(digit).repeat(40) + " refs/heads/main\n") + "0000";
  }

  @Test
  void a_primary_that_lists_an_earlier_state_again_is_noticed_and_not_remembered()
      throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", responds(200, list(1)), responds(200, list(2)), responds(200, list(1)));
    assertThat(scene.answer(client(LS_REFS)).listAge()).isEqualTo(ListAge.CURRENT);
    assertThat(scene.answer(client(LS_REFS)).listAge()).isEqualTo(ListAge.CURRENT);
    for (int i = 0; i < 2; i++) {
      RecordingClient client = client(LS_REFS);
      assertThat(scene.answer(client).listAge()).isEqualTo(ListAge.OLDER);
      assertThat(client.receivedBody()).contains(list(1));
    }
    assertThat(scene.tips.staleness(scene.asker(), listOfMain(ONE)).isStale()).isTrue();
    scene.link.script("a", responds(200, list(3)));
    assertThat(scene.answer(client(LS_REFS)).listAge()).isEqualTo(ListAge.CURRENT);
  }

  // A client asks for some refs only, and a tag may point to where a branch was.
  @Test
  void a_list_of_other_refs_is_not_taken_for_an_earlier_state() throws Exception {
    ExchangeScene scene = replicated();
    String tag = pkt("1".repeat(40) + " refs/tags/v1\n") + "0000";
    for (String response : List.of(list(1), tag, list(2), tag, list(3), tag)) {
      scene.link.script("a", responds(200, response));
      assertThat(scene.answer(client(LS_REFS)).listAge()).isEqualTo(ListAge.CURRENT);
    }
  }

  // It may not be known what the asker has seen: the proxy may have just been started.
  @Test
  void a_list_of_a_replica_that_could_not_be_compared_may_be_old() throws Exception {
    ExchangeScene scene = replicated();
    scene.link.script("a", refusesConnection());
    scene.link.script("b", responds(200, list(1))).script("c", responds(200, list(1)));
    Answer answer = scene.answer(client(LS_REFS));
    assertThat(answer.listAge()).isEqualTo(ListAge.OF_REPLICA);
    assertThat(answer.route().describe()).contains("the primary failed: may be old");
  }
}
