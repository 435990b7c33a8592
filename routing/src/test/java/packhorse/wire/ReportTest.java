package packhorse.wire;

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

class ReportTest {

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
  void a_report_says_what_became_of_each_ref() throws IOException {
    PushReport report = PushReport.read(WireScript.stream(REPORT));
    assertThat(report.unpacked()).isTrue();
    assertThat(report.refs())
        .containsExactly(
            RefStatus.ok("refs/heads/main"),
            RefStatus.refused("refs/heads/old", "hook declined"),
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
  void what_is_no_report_is_refused(String script) {
    assertThatThrownBy(() -> PushReport.read(WireScript.stream(script)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void a_report_is_read_through_band_1_split_at_any_byte() throws IOException {
    byte[] answer =
        WireScript.bytes("\\2working\n\\1\\\n" + banded(REPORT, 7) + "\\2hook says hi\n0000");
    for (int split = 0; split <= answer.length; split++) {
      ReportWatch watch = watch("side-band-64k report-status");
      watch.passed(ByteBuffer.wrap(answer, 0, split));
      watch.passed(ByteBuffer.wrap(answer, split, answer.length - split));
      watch.ended();
      assertThat(watch.report()).contains(PushReport.read(WireScript.stream(REPORT)));
      assertThat(watch.complete()).isTrue();
      assertThat(watch.error()).isEmpty();
    }
    assertThat(calls).hasSize(answer.length + 1);
  }

  @Test
  void a_report_without_frames_is_read_byte_by_byte() throws IOException {
    ReportWatch watch = watch("report-status");
    for (byte b : WireScript.bytes(REPORT)) {
      watch.passed(ByteBuffer.wrap(new byte[] {b}));
    }
    watch.ended();
    assertThat(watch.report()).contains(PushReport.read(WireScript.stream(REPORT)));
    assertThat(watch.complete()).isTrue();
    assertThat(calls).hasSize(1);
  }

  @Test
  void what_is_remembered_is_forgotten_before_the_first_byte_of_the_report_passes() {
    ReportWatch watch = watch("report-status side-band-64k");
    watch.passed(ByteBuffer.wrap(WireScript.bytes("\\2counting\n\\1\\\n=0010\\1")));
    assertThat(calls).as("progress and keep-alives are no report").isEmpty();
    watch.passed(ByteBuffer.wrap(WireScript.bytes("=0")));
    assertThat(calls).hasSize(1);
    watch.ended();
    assertThat(calls).hasSize(1);
  }

  @Test
  void without_a_report_it_is_forgotten_when_the_answer_ends() {
    ReportWatch watch = watch("side-band-64k");
    watch.passed(ByteBuffer.wrap(WireScript.bytes("0000")));
    assertThat(calls).isEmpty();
    watch.ended();
    assertThat(calls).hasSize(1);
    assertThat(watch.report()).isEmpty();
    assertThat(watch.complete()).isTrue();
  }

  @Test
  void an_answer_that_is_cut_short_or_no_answer_is_not_complete() {
    ReportWatch cut = watch("side-band-64k report-status");
    cut.passed(ByteBuffer.wrap(WireScript.bytes(banded("unpack ok\nok refs/heads/main", 65_515))));
    cut.ended();
    assertThat(cut.complete()).isFalse();
    assertThat(cut.report()).isEmpty();
    ReportWatch html = watch("side-band-64k report-status");
    html.passed(ByteBuffer.wrap(WireScript.bytes("=<html>Bad gateway</html>")));
    html.ended();
    assertThat(html.complete()).isFalse();
    assertThat(html.report()).isEmpty();
  }

  @Test
  void an_error_of_the_node_is_kept_in_its_first_bytes() {
    ReportWatch watch = watch("side-band-64k report-status");
    watch.passed(ByteBuffer.wrap(WireScript.bytes("\\3" + "x".repeat(2_000) + "\n0000")));
    watch.ended();
    assertThat(watch.error().orElseThrow()).hasSize(Limits.ERROR_TEXT);
  }

  @Test
  void a_refusal_explains_and_reports_every_ref() {
    Push push = push("report-status side-band-64k");
    assertThat(
            ReportComposer.refusal(
                    push,
                    "not allowed\u001b[31m (decision 7)\nask Gr\u00f6\u00dfe",
                    "not allowed (decision\n7)")
                .toArray())
        .isEqualTo(
            WireScript.bytes(
                "\\2not allowed [31m (decision 7)\\nask "
                    + WireText.ofUnicode("Gr\u00f6\u00dfe")
                    + "\n"
                    + banded(
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
  void a_refusal_takes_the_form_that_the_client_asked_for() {
    assertThat(ReportComposer.refusal(push("report-status-v2"), "no", "no").toArray())
        .isEqualTo(WireScript.bytes("unpack ok\nng refs/heads/a no\nng refs/heads/b no\n0000"));
    assertThat(ReportComposer.refusal(push("side-band-64k"), "no", "no").toArray())
        .isEqualTo(WireScript.bytes("\\3no\n0000"));
    assertThat(ReportComposer.refusal(push("quiet"), "no", "no").isEmpty()).isTrue();
  }

  @Test
  void a_refusal_of_the_longest_name_with_the_longest_reason_fits_into_a_pkt() throws IOException {
    String name = "refs/heads/" + "x".repeat(Limits.REF_NAME - 11);
    Push push =
        PushReader.read(WireScript.stream("{0} {a} " + name + "\\0report-status\n0000"))
            .orElseThrow();
    Bytes answer = ReportComposer.refusal(push, "no", "\ud83d\ude80".repeat(5_000));
    PushReport report = PushReport.read(answer.stream());
    assertThat(report.refs().getFirst().ref()).isEqualTo(name);
    assertThat(WireText.toUnicode(report.refs().getFirst().refused().orElseThrow())).hasSize(2_000);
  }

  @Test
  void a_refusal_of_many_refs_is_cut_into_frames() throws IOException {
    StringBuilder commands =
        new StringBuilder("{0} {a} refs/heads/a\\0report-status side-band-64k\n");
    for (int i = 0; i < 5_000; i++) {
      commands.append("{0} {a} refs/heads/branch-").append(i).append('\n');
    }
    Push push = PushReader.read(WireScript.stream(commands + "0000")).orElseThrow();
    ReportWatch watch = new ReportWatch(push, () -> {});
    watch.passed(ReportComposer.refusal(push, "no", "because").buffer());
    watch.ended();
    assertThat(watch.report().orElseThrow().refs()).hasSize(5_001).allMatch(ref -> !ref.written());
    assertThat(watch.complete()).isTrue();
  }

  private ReportWatch watch(String capabilities) {
    return new ReportWatch(push(capabilities), () -> calls.add("forget"));
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

  /// A script whose pkts stand inside band 1, in frames of so many bytes.
  private static String banded(String script, int size) {
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
