package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.wire.Ack;
import packhorse.wire.AckMode;
import packhorse.wire.Bytes;
import packhorse.wire.ObjectId;
import packhorse.wire.Pkt;
import packhorse.wire.PktReader;
import packhorse.wire.ShallowLines;
import packhorse.wire.V0Round;

/// What clients of each mode hear of what a node says in `multi_ack_detailed`, as git's own
/// `upload-pack` says it to them (git-corners 8 and 9).
final class NegotiationTest {
  private static final ObjectId A = new ObjectId("a".repeat(40));
  private static final ObjectId B = new ObjectId("b".repeat(40));
  private static final ObjectId C = new ObjectId("c".repeat(40));

  private static Ack common(ObjectId id) {
    return new Ack(id, Ack.Kind.COMMON);
  }

  private static Ack ready(ObjectId id) {
    return new Ack(id, Ack.Kind.READY);
  }

  private static List<String> lines(Bytes said) throws IOException {
    PktReader in = new PktReader(said.stream(), said.size());
    List<String> lines = new ArrayList<>();
    for (Optional<Pkt> pkt = in.next(); pkt.isPresent(); pkt = in.next()) {
      lines.add(pkt.get() instanceof Pkt.Line line ? line.text() : "flush");
    }
    return lines;
  }

  private static List<String> heard(Negotiation negotiation, V0Round.End end, Ack... acks)
      throws IOException {
    return lines(negotiation.answer(List.of(acks), end));
  }

  @Test
  void what_a_client_has_heard_it_does_not_hear_again() throws IOException {
    Negotiation negotiation = new Negotiation(AckMode.DETAILED);
    assertThat(heard(negotiation, V0Round.End.FLUSH, common(A)))
        .containsExactly("ACK " + A + " common", "NAK");
    assertThat(heard(negotiation, V0Round.End.FLUSH, common(A), common(B), ready(C)))
        .containsExactly("ACK " + B + " common", "ACK " + C + " ready", "NAK");
    assertThat(negotiation.common()).containsExactly(A, B);
  }

  @Test
  void the_last_word_names_what_any_round_acknowledged() throws IOException {
    Negotiation negotiation = new Negotiation(AckMode.DETAILED);
    heard(negotiation, V0Round.End.FLUSH, common(A));
    heard(negotiation, V0Round.End.FLUSH);
    // a node that was asked anew and knows none of it would say NAK, which is fatal by then
    assertThat(heard(negotiation, V0Round.End.DONE)).containsExactly("ACK " + A);
  }

  @Test
  void with_nothing_in_common_the_last_word_is_a_nak() throws IOException {
    for (AckMode mode : AckMode.values()) {
      assertThat(heard(new Negotiation(mode), V0Round.End.DONE)).containsExactly("NAK");
    }
  }

  @Test
  void a_client_of_multi_ack_hears_continue() throws IOException {
    Negotiation negotiation = new Negotiation(AckMode.MULTI_ACK);
    assertThat(heard(negotiation, V0Round.End.FLUSH, common(A), ready(A), ready(B)))
        .containsExactly("ACK " + A + " continue", "ACK " + B + " continue", "NAK");
    assertThat(heard(negotiation, V0Round.End.DONE, common(A))).containsExactly("ACK " + A);
  }

  @Test
  void a_client_of_neither_hears_of_the_first_common_commit_alone() throws IOException {
    Negotiation negotiation = new Negotiation(AckMode.NONE);
    assertThat(heard(negotiation, V0Round.End.FLUSH)).containsExactly("NAK");
    assertThat(heard(negotiation, V0Round.End.FLUSH, common(A), common(B)))
        .containsExactly("ACK " + A);
    assertThat(heard(negotiation, V0Round.End.FLUSH, common(A), common(B), common(C))).isEmpty();
    assertThat(heard(negotiation, V0Round.End.DONE)).isEmpty();
  }

  @Test
  void the_shallow_list_ends_with_its_own_flush() throws IOException {
    Bytes said =
        new Negotiation(AckMode.DETAILED).shallowList(new ShallowLines(List.of(A), List.of(B)));
    assertThat(lines(said)).containsExactly("shallow " + A, "unshallow " + B, "flush");
  }
}
