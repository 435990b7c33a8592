package packhorse.exchange.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectId;
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.fetch.FetchDialect.AcknowledgmentMode;
import packhorse.wire.fetch.ShallowUpdate;
import packhorse.wire.fetch.UploadHaves;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// How the acknowledgments of a node in `multi_ack_detailed` are forwarded to clients of each mode,
/// compared with git's own `upload-pack` (`docs/corners.md`).
final class NegotiationTest {
  private static final ObjectId A = new ObjectId("a".repeat(40));
  private static final ObjectId B = new ObjectId("b".repeat(40));
  private static final ObjectId C = new ObjectId("c".repeat(40));

  private static Acknowledgment common(ObjectId id) {
    return new Acknowledgment(id, Acknowledgment.AckStatus.COMMON);
  }

  private static Acknowledgment ready(ObjectId id) {
    return new Acknowledgment(id, Acknowledgment.AckStatus.READY);
  }

  private static List<String> lines(ByteString response) throws IOException {
    PktReader reader = new PktReader(response.newInputStream(), response.size());
    List<String> lines = new ArrayList<>();
    for (Optional<Pkt> pkt = reader.next(); pkt.isPresent(); pkt = reader.next()) {
      lines.add(pkt.get() instanceof Pkt.Line line ? line.text() : "flush");
    }
    return lines;
  }

  private static List<String> acknowledge(
      Negotiation negotiation, UploadHaves.End end, Acknowledgment... acks) throws IOException {
    return lines(negotiation.acknowledge(List.of(acks), end));
  }

  @Test
  void an_acknowledgment_is_sent_only_once() throws IOException {
    Negotiation negotiation = new Negotiation(AcknowledgmentMode.MULTI_ACK_DETAILED);
    assertThat(acknowledge(negotiation, UploadHaves.End.FLUSH, common(A)))
        .containsExactly("ACK " + A + " common", "NAK");
    assertThat(acknowledge(negotiation, UploadHaves.End.FLUSH, common(A), common(B), ready(C)))
        .containsExactly("ACK " + B + " common", "ACK " + C + " ready", "NAK");
    assertThat(negotiation.acknowledged()).containsExactly(A, B);
  }

  @Test
  void the_final_ack_names_an_object_that_any_round_acknowledged() throws IOException {
    Negotiation negotiation = new Negotiation(AcknowledgmentMode.MULTI_ACK_DETAILED);
    acknowledge(negotiation, UploadHaves.End.FLUSH, common(A));
    acknowledge(negotiation, UploadHaves.End.FLUSH);
    // A NAK would be fatal here, but is what a node sends that knows none of the objects.
    assertThat(acknowledge(negotiation, UploadHaves.End.DONE)).containsExactly("ACK " + A);
  }

  @Test
  void without_a_common_object_the_final_line_is_a_nak() throws IOException {
    for (AcknowledgmentMode mode : AcknowledgmentMode.values()) {
      assertThat(acknowledge(new Negotiation(mode), UploadHaves.End.DONE)).containsExactly("NAK");
    }
  }

  @Test
  void a_multi_ack_client_receives_continue() throws IOException {
    Negotiation negotiation = new Negotiation(AcknowledgmentMode.MULTI_ACK);
    assertThat(acknowledge(negotiation, UploadHaves.End.FLUSH, common(A), ready(A), ready(B)))
        .containsExactly("ACK " + A + " continue", "ACK " + B + " continue", "NAK");
    assertThat(acknowledge(negotiation, UploadHaves.End.DONE, common(A)))
        .containsExactly("ACK " + A);
  }

  @Test
  void a_client_without_multi_ack_receives_only_the_first_common_object() throws IOException {
    Negotiation negotiation = new Negotiation(AcknowledgmentMode.NONE);
    assertThat(acknowledge(negotiation, UploadHaves.End.FLUSH)).containsExactly("NAK");
    assertThat(acknowledge(negotiation, UploadHaves.End.FLUSH, common(A), common(B)))
        .containsExactly("ACK " + A);
    assertThat(acknowledge(negotiation, UploadHaves.End.FLUSH, common(A), common(B), common(C)))
        .isEmpty();
    assertThat(acknowledge(negotiation, UploadHaves.End.DONE)).isEmpty();
  }

  @Test
  void the_shallow_list_ends_with_its_own_flush() throws IOException {
    ByteString shallowList =
        new Negotiation(AcknowledgmentMode.MULTI_ACK_DETAILED)
            .shallowList(new ShallowUpdate(List.of(A), List.of(B)));
    assertThat(lines(shallowList)).containsExactly("shallow " + A, "unshallow " + B, "flush");
  }
}
