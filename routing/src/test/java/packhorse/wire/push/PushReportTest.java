package packhorse.wire.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ByteString;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.WireText;

class PushReportTest {

  private static final String REPORT =
      """
      unpack ok
      ok refs/heads/main
      ng refs/heads/old hook declined
      ok refs/for/main
      option refname refs/changes/1
      option old-oid {a}
      option new-oid {b}
      option forced-update
      option frotz
      0000
      """;

  private static final RefStatus RENAMED =
      new RefStatus(
          "refs/for/main",
          Optional.empty(),
          Optional.of("refs/changes/1"),
          Optional.of(id('a')),
          Optional.of(id('b')),
          true);

  private final List<String> calls = new ArrayList<>();

  @Test
  void a_report_has_the_status_of_each_ref() throws IOException {
    PushReport report = PushReport.read(WireScript.stream(REPORT));
    assertThat(report.unpackStatus()).isEqualTo("ok");
    assertThat(report.refStatuses())
        .containsExactly(
            RefStatus.ok("refs/heads/main"),
            RefStatus.ng("refs/heads/old", "hook declined"),
            RENAMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0000",
        "ok refs/heads/a\n0000",
        "unpack ok",
        "unpack ok\nfrotz\n0000",
        "unpack ok\noption x\n0000",
        "unpack ok\n0001"
      })
  void a_malformed_report_is_rejected(String script) {
    assertThatThrownBy(() -> PushReport.read(WireScript.stream(script)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void a_report_on_band_1_is_read_wherever_it_is_split() throws IOException {
    byte[] response =
        WireScript.bytes("\\2working\n\\1\\\n" + onBand1(REPORT, 7) + "\\2hook says hi\n0000");
    for (int split = 0; split <= response.length; split++) {
      PushReportObserver observer = observer("side-band-64k report-status");
      observer.onBytes(ByteBuffer.wrap(response, 0, split));
      observer.onBytes(ByteBuffer.wrap(response, split, response.length - split));
      observer.onEnd();
      assertThat(observer.report()).contains(PushReport.read(WireScript.stream(REPORT)));
      assertThat(observer.complete()).isTrue();
      assertThat(observer.errorText()).isEmpty();
    }
    assertThat(calls).hasSize(response.length + 1);
  }

  @Test
  void a_report_without_framing_is_read_byte_by_byte() throws IOException {
    PushReportObserver observer = observer("report-status");
    for (byte b : WireScript.bytes(REPORT)) {
      observer.onBytes(ByteBuffer.wrap(new byte[] {b}));
    }
    observer.onEnd();
    assertThat(observer.report()).contains(PushReport.read(WireScript.stream(REPORT)));
    assertThat(observer.complete()).isTrue();
    assertThat(calls).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0080\1unpack", "\u00ff\1unpack", "ERR \1unpack", "\4\1unpack"})
  void a_pkt_that_is_on_no_band_is_error_text_wherever_it_is_split(String text) {
    byte[] response = WireText.bytes(String.format("%04x", text.length() + 4) + text + "0000");
    for (int split = 0; split <= response.length; split++) {
      PushReportObserver observer = observer("side-band-64k report-status");
      observer.onBytes(ByteBuffer.wrap(response, 0, split));
      observer.onBytes(ByteBuffer.wrap(response, split, response.length - split));
      observer.onEnd();
      assertThat(observer.report()).isEmpty();
      assertThat(observer.errorText()).contains(text);
    }
  }

  @Test
  void the_callback_runs_before_the_first_byte_of_the_report_is_relayed() {
    PushReportObserver observer = observer("report-status side-band-64k");
    observer.onBytes(ByteBuffer.wrap(WireScript.bytes("\\2counting\n\\1\\\n=0010\\1")));
    assertThat(calls).as("progress and keep-alives are not a report").isEmpty();
    observer.onBytes(ByteBuffer.wrap(WireScript.bytes("=0")));
    assertThat(calls).hasSize(1);
    observer.onEnd();
    assertThat(calls).hasSize(1);
  }

  @Test
  void without_a_report_the_callback_runs_when_the_response_ends() {
    PushReportObserver observer = observer("side-band-64k");
    observer.onBytes(ByteBuffer.wrap(WireScript.bytes("0000")));
    assertThat(calls).isEmpty();
    observer.onEnd();
    assertThat(calls).hasSize(1);
    assertThat(observer.report()).isEmpty();
    assertThat(observer.complete()).isTrue();
  }

  @Test
  void a_truncated_or_malformed_response_is_not_complete() {
    PushReportObserver truncated = observer("side-band-64k report-status");
    truncated.onBytes(
        ByteBuffer.wrap(WireScript.bytes(onBand1("unpack ok\nok refs/heads/main", 65_515))));
    truncated.onEnd();
    assertThat(truncated.complete()).isFalse();
    assertThat(truncated.report()).isEmpty();
    PushReportObserver html = observer("side-band-64k report-status");
    html.onBytes(ByteBuffer.wrap(WireScript.bytes("=<html>Bad gateway</html>")));
    html.onEnd();
    assertThat(html.complete()).isFalse();
    assertThat(html.report()).isEmpty();
  }

  @Test
  void only_the_first_bytes_of_an_error_of_the_node_are_kept() {
    PushReportObserver observer = observer("side-band-64k report-status");
    observer.onBytes(ByteBuffer.wrap(WireScript.bytes("\\3" + "x".repeat(2_000) + "\n0000")));
    observer.onEnd();
    assertThat(observer.errorText().orElseThrow()).hasSize(WireLimits.ERROR_TEXT_BYTES);
  }

  @Test
  void a_refusal_has_an_explanation_and_a_reason_for_every_ref() {
    Push push = push("report-status side-band-64k");
    assertThat(
            PushReportWriter.refusal(
                    push,
                    "not allowed\u001b[31m (decision 7)\nask Gr\u00f6\u00dfe",
                    "not allowed (decision\n7)")
                .toArray())
        .isEqualTo(
            WireScript.bytes(
                "\\2not allowed [31m (decision 7)\\nask "
                    + WireText.ofUnicode("Gr\u00f6\u00dfe")
                    + "\n"
                    + onBand1(
                        """
                        unpack ok
                        ng refs/heads/a not allowed (decision 7)
                        ng refs/heads/b not allowed (decision 7)
                        0000
                        """,
                        65_515)
                    + "0000"));
  }

  @Test
  void a_refusal_has_the_form_that_the_client_requested() {
    assertThat(PushReportWriter.refusal(push("report-status-v2"), "no", "no").toArray())
        .isEqualTo(WireScript.bytes("unpack ok\nng refs/heads/a no\nng refs/heads/b no\n0000"));
    assertThat(PushReportWriter.refusal(push("side-band-64k"), "no", "no").toArray())
        .isEqualTo(WireScript.bytes("\\3no\\\n0000"));
    assertThat(PushReportWriter.refusal(push("quiet"), "no", "no").isEmpty()).isTrue();
  }

  @Test
  void a_refusal_of_the_longest_name_with_the_longest_reason_fits_into_a_pkt() throws IOException {
    String name = "refs/heads/" + "x".repeat(WireLimits.REF_NAME_BYTES - 11);
    Push push =
        PushReader.read(WireScript.stream("{0} {a} " + name + "\\0report-status\n0000"))
            .orElseThrow();
    ByteString response = PushReportWriter.refusal(push, "no", "\ud83d\ude80".repeat(5_000));
    PushReport report = PushReport.read(response.newInputStream());
    assertThat(report.refStatuses().getFirst().ref()).isEqualTo(name);
    assertThat(WireText.toUnicode(report.refStatuses().getFirst().errorMessage().orElseThrow()))
        .hasSize(2_000);
  }

  @Test
  void a_refusal_of_many_refs_is_divided_into_frames() throws IOException {
    StringBuilder commands =
        new StringBuilder("{0} {a} refs/heads/a\\0report-status side-band-64k\n");
    for (int i = 0; i < 5_000; i++) {
      commands.append("{0} {a} refs/heads/branch-").append(i).append('\n');
    }
    Push push = PushReader.read(WireScript.stream(commands + "0000")).orElseThrow();
    PushReportObserver observer = new PushReportObserver(push, () -> {});
    observer.onBytes(PushReportWriter.refusal(push, "no", "because").asReadOnlyBuffer());
    observer.onEnd();
    assertThat(observer.report().orElseThrow().refStatuses())
        .hasSize(5_001)
        .allMatch(status -> status.errorMessage().isPresent());
    assertThat(observer.complete()).isTrue();
  }

  private PushReportObserver observer(String capabilities) {
    return new PushReportObserver(push(capabilities), () -> calls.add("callback"));
  }

  private static Push push(String capabilities) {
    try {
      return PushReader.read(
              WireScript.stream(
                  "{0} {a} refs/heads/a\\0 " + capabilities + "\n{a} {b} refs/heads/b\n0000"))
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The pkts of a script on band 1, in frames of `size` bytes.
  private static String onBand1(String script, int size) {
    String text = WireText.text(WireScript.bytes(script));
    StringBuilder frames = new StringBuilder();
    for (int at = 0; at < text.length(); at += size) {
      frames
          .append("\\1")
          .append(text.substring(at, Math.min(text.length(), at + size)).replace("\n", "\\n"))
          .append("\\\n");
    }
    return frames.toString();
  }
}
