package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import packhorse.kit.Sample;
import packhorse.node.NodeCall;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.GitRequest.Step;
import packhorse.wire.Bytes;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;

/// Who may be given one answer to a question for a list of refs.
final class QuestionTest {
  private static final Credential AL = new Credential.Basic("al", "a", "Basic YWw6YQ==");
  private static final Credential BO = new Credential.Basic("bo", "b", "Basic Ym86Yg==");

  private final Sample nobody = Sample.fetch().step(Step.ADVERTISEMENT);

  private static Question asked(Sample sample) {
    return asked(sample, new ActAs.Nobody());
  }

  private static Question asked(Sample sample, ActAs as) {
    var permit = sample.permit();
    var calls = new NodeCalls(Map.of("main", as));
    return Question.of(
        permit, calls.advertisement(permit, Service.UPLOAD_PACK, sample.request().version()));
  }

  private static Question listing(Sample sample, String body) {
    var permit = sample.permit();
    var whole = new NodeCall.Whole(Bytes.of(body));
    return Question.of(
        permit,
        new NodeCalls(Map.of()).exchange(permit, Service.UPLOAD_PACK, ProtocolVersion.V2, whole));
  }

  @Test
  void the_same_question_of_two_requests_is_one() {
    assertThat(asked(nobody)).isEqualTo(asked(nobody)).hasSameHashCodeAs(asked(nobody));
    assertThat(listing(nobody, "0000")).isEqualTo(listing(nobody, "0000"));
  }

  @Test
  void whoever_shows_another_credential_to_the_node_asks_another_question() {
    assertThat(asked(nobody.credential(AL)))
        .isEqualTo(asked(nobody.credential(AL)))
        .isNotEqualTo(asked(nobody.credential(BO)))
        .isNotEqualTo(asked(nobody));
  }

  @Test
  void whoever_is_named_to_the_node_asks_another_question_than_who_is_named_otherwise() {
    var named = new ActAs.IdentityHeader("X-User");
    Sample checked = nobody.checking(Pool.Checking.PROXY);
    assertThat(asked(checked.user("al"), named))
        .isEqualTo(asked(checked.user("al"), named))
        .isNotEqualTo(asked(checked.user("bo"), named))
        .isNotEqualTo(asked(checked, named));
  }

  @Test
  void where_the_node_sees_nobody_all_whom_we_let_in_ask_one_question() {
    Sample checked = nobody.checking(Pool.Checking.PROXY);
    assertThat(asked(checked.user("al").credential(AL).from("192.0.2.1", true)))
        .isEqualTo(asked(checked.user("bo").credential(BO).from("192.0.2.2", true)));
  }

  @Test
  void where_the_node_decides_it_may_look_at_the_address() {
    assertThat(asked(nobody.from("192.0.2.1", true)))
        .isNotEqualTo(asked(nobody.from("192.0.2.2", true)));
  }

  @Test
  void dialect_repository_spelling_and_prefixes_make_other_questions() {
    assertThat(asked(nobody))
        .isNotEqualTo(asked(nobody.version(ProtocolVersion.V0)))
        .isNotEqualTo(asked(nobody.repository("acme/other")))
        .isNotEqualTo(asked(nobody.repository("acme/app.git")))
        .isNotEqualTo(asked(nobody.headers("X-Extra: 1")))
        .isNotEqualTo(asked(nobody.nodes("a", "b", "c")));
    assertThat(listing(nobody, "0001")).isNotEqualTo(listing(nobody, "0000"));
  }
}
