package packhorse.wire.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectFormat;
import packhorse.wire.PackEndDetectorTest;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.WireText;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.refs.RefTips;
import packhorse.wire.refs.TipCollector;

/// Responses to fetches: [V0ResponseHead], [FetchResponseObserver] and [TipCollector].
class FetchResponseTest {

  private static final String V0_PACK = "\\1PACK1234\\\n\\2Counting\n\\1\\\n\\1567\\\n0000";

  private static final String SHALLOW = "shallow {f}\\\nunshallow {e}\\\n0000\n";

  @Test
  void the_head_of_a_v0_response_ends_where_the_pack_begins() throws IOException {
    V0ResponseHead response =
        head("ACK {a} common\nACK {b} ready\nNAK\nACK {a}\n" + V0_PACK, false);
    assertThat(response.acknowledgments())
        .containsExactly(
            new Acknowledgment(id('a'), Acknowledgment.AckStatus.COMMON),
            new Acknowledgment(id('b'), Acknowledgment.AckStatus.READY),
            new Acknowledgment(id('a'), Acknowledgment.AckStatus.PLAIN));
    assertThat(response.nak()).isTrue();
    assertThat(response.hasPack()).isTrue();
    assertThat(response.packStart().toArray()).isEqualTo(WireScript.bytes("\\1PACK1234\\"));
  }

  @Test
  void the_head_of_a_response_without_a_pack_is_the_whole_response() throws IOException {
    V0ResponseHead response = head("NAK", false);
    assertThat(response.nak()).isTrue();
    assertThat(response.hasPack()).isFalse();
    assertThat(head("ACK {a} continue", false).acknowledgments()).hasSize(1);
    assertThat(head("", false).hasPack()).isFalse();
  }

  @Test
  void the_shallow_update_comes_first_and_may_be_the_whole_response() throws IOException {
    V0ResponseHead refList = head(SHALLOW, true);
    assertThat(refList.shallowUpdate())
        .isEqualTo(new ShallowUpdate(List.of(id('f')), List.of(id('e'))));
    assertThat(refList.hasPack()).isFalse();
    V0ResponseHead pack = head("0000\nNAK\n=PACK", true);
    assertThat(pack.shallowUpdate()).isEqualTo(ShallowUpdate.NONE);
    assertThat(pack.packStart().text()).isEqualTo("PACK");
  }

  @Test
  void an_error_in_place_of_the_response_is_reported() throws IOException {
    assertThat(
            head("ERR upload-pack: not our ref {a}", false).errorText().map(ErrorPkts::isNotOurRef))
        .contains(true);
    assertThat(head("ERR no", true).errorText()).contains("no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shallow {a}", "0000", "0001", "ACK x", "<html>", "=<html>", "\\4x"})
  void a_malformed_response_is_rejected(String script) {
    assertThatThrownBy(() -> head(script, false)).isInstanceOf(WireException.class);
  }

  @Test
  void a_truncated_shallow_update_is_rejected() {
    assertThatThrownBy(() -> head("shallow {a}", true))
        .isInstanceOf(WireException.UnexpectedEnd.class);
    assertThatThrownBy(() -> head("NAK\n0000", true)).isInstanceOf(WireException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sideband-all\n"})
  void a_v2_response_is_observed_wherever_it_is_split(String sidebandAll) throws IOException {
    Fetch fetch =
        v2(sidebandAll + "want-ref refs/heads/main\nwant {a}\nhave {b}\nhave {c}\ndeepen 1");
    String lines =
        """
        acknowledgments
        ACK {b}
        ready
        0001
        shallow-info
        shallow {f}
        0001
        wanted-refs
        {a} refs/heads/main
        0001
        packfile
        """;
    String script = sidebandAll.isEmpty() ? lines : "\\2\\\n" + framed(lines);
    byte[] response = WireScript.bytes(script + V0_PACK);
    for (int split = 0; split <= response.length; split++) {
      FetchResponseObserver observer = observeSplit(fetch, response, split);
      assertThat(observer.acknowledgedIds()).containsExactly(id('b'));
      assertThat(observer.ready()).isTrue();
      assertThat(observer.hasShallowSection()).isTrue();
      assertThat(observer.packStarted()).isTrue();
      assertThat(observer.packBytes()).isEqualTo(11);
      assertThat(observer.complete()).isTrue();
      assertThat(observer.errorText()).isEmpty();
    }
  }

  @Test
  void a_v2_round_without_a_pack_is_complete_with_its_flush() throws IOException {
    FetchResponseObserver observer =
        observe(v2("want {a}\nhave {b}"), "acknowledgments\nNAK\n0000");
    assertThat(observer.complete()).isTrue();
    assertThat(observer.acknowledgedIds()).isEmpty();
    assertThat(observer.packStarted()).isFalse();
  }

  @Test
  void the_response_to_a_fetch_without_wants_is_empty() throws IOException {
    assertThat(observe(v2("have {b}"), "").complete()).isTrue();
    assertThat(observe(v2("wait-for-done\nhave {b}"), "").complete()).isFalse();
    assertThat(observe(v2("want {a}\ndone"), "").complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "want {a} side-band-64k multi_ack_detailed\ndeepen 1\n0000\nhave {b}\ndone",
        "want {a} side-band\ndeepen 1\n0000\nhave {b}\ndone"
      })
  void a_v0_response_is_observed_wherever_it_is_split(String request) throws IOException {
    byte[] response =
        WireScript.bytes(SHALLOW + "ACK {b} common\nACK {c} ready\nNAK\nACK {b}\n" + V0_PACK);
    for (int split = 0; split <= response.length; split++) {
      FetchResponseObserver observer = observeSplit(v0(request), response, split);
      assertThat(observer.acknowledgedIds()).containsExactly(id('b'));
      assertThat(observer.ready()).isTrue();
      assertThat(observer.hasShallowSection()).isTrue();
      assertThat(observer.packBytes()).isEqualTo(11);
      assertThat(observer.complete()).isTrue();
    }
  }

  @Test
  void a_pack_without_framing_is_complete_with_its_trailer() throws IOException {
    String pack =
        WireText.text(
            PackEndDetectorTest.pack(ObjectFormat.SHA1, WireText.bytes("PACK\0\0\0\2\0\0\0\0")));
    Fetch fetch = v0("want {a}\n0000\ndone");
    byte[] nak = WireScript.bytes("NAK");
    byte[] response = ByteString.of(WireText.text(nak) + pack).toArray();
    for (int split = 0; split <= response.length; split++) {
      FetchResponseObserver observer = observeSplit(fetch, response, split);
      assertThat(observer.packBytes()).isEqualTo(32);
      assertThat(observer.complete()).isTrue();
    }
    byte[] truncated = ByteString.of(WireText.text(nak) + pack.substring(0, 31)).toArray();
    assertThat(observeSplit(fetch, truncated, 10).complete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "NAK, true",
    "ACK {b} common, true",
    "'', false",
    "shallow {f}\\, false",
    "NAK|\\1PACK, false",
    "NAK|\\1PACK|=00, false",
    "NAK|=0008x, false",
    "ERR upload-pack: not our ref {a}, false",
    "NAK|\\1PACK|\\3fatal: dead|0000, false",
    "=<html></html>, false"
  })
  void a_v0_response_is_complete_only_with_its_regular_end(String script, boolean complete)
      throws IOException {
    Fetch fetch = v0("want {a} side-band-64k\n0000\nhave {b}\n0000");
    assertThat(observe(fetch, script.replace('|', '\n')).complete()).isEqualTo(complete);
  }

  @ParameterizedTest
  @CsvSource({
    "want {a}|done, '', false",
    "want {a}|done, 0000, false",
    "want {a}|done, packfile|0000, false",
    "want {a}|done, packfile|\\2Counting|0000, false",
    "want {a}|done, packfile|\\1PACK|0000, true",
    "want-ref refs/heads/x|done, wanted-refs|{a} refs/heads/x|0000, false",
    "want {a}|have {b}, acknowledgments|ready|0001|packfile|0000, false",
    "want {a}|have {b}, acknowledgments|NAK|0000, true",
    "have {b}|done, '', true"
  })
  void a_v2_response_without_the_pack_that_is_due_is_incomplete(
      String request, String script, boolean complete) throws IOException {
    Fetch fetch = v2(request.replace('|', '\n'));
    assertThat(observe(fetch, script.replace('|', '\n')).complete()).isEqualTo(complete);
  }

  @ParameterizedTest
  @CsvSource({
    "want {a}|0000|done, NAK, false",
    "want {a} side-band-64k|0000|done, NAK, false",
    "want {a} side-band-64k|0000|have {b}|done, ACK {b}, false",
    "want {a} side-band-64k|0000|done, NAK|\\2Counting|0000, false",
    "want {a} side-band-64k|0000|done, NAK|\\1PACK|0000, true",
    "want {a} side-band-64k|deepen 1|0000|done, shallow {f}|0000|NAK, false",
    "want {a} side-band-64k|deepen 1|0000, shallow {f}|0000, true",
    "want {a} side-band-64k|0000|have {b}|0000, NAK, true"
  })
  void a_v0_response_without_the_pack_that_is_due_is_incomplete(
      String request, String script, boolean complete) throws IOException {
    Fetch fetch = v0(request.replace('|', '\n'));
    assertThat(observe(fetch, script.replace('|', '\n')).complete()).isEqualTo(complete);
  }

  @Test
  void the_shallow_update_alone_is_a_complete_response() throws IOException {
    Fetch fetch = v0("want {a} side-band-64k\ndeepen 1\n0000");
    assertThat(observe(fetch, SHALLOW).complete()).isTrue();
    assertThat(observe(fetch, "shallow {f}").complete()).isFalse();
  }

  @Test
  void only_the_first_bytes_of_an_error_are_kept() throws IOException {
    FetchResponseObserver beforePack =
        observe(v2("want {a}\ndone"), "ERR upload-pack: not our ref {a}");
    assertThat(beforePack.errorText().map(ErrorPkts::isNotOurRef)).contains(true);
    assertThat(beforePack.packBytes()).isZero();
    assertThat(beforePack.complete()).isFalse();
    FetchResponseObserver afterPackStart =
        observe(v2("want {a}\ndone"), "packfile\n\\1PACK\n\\3" + "x".repeat(5_000) + "\n0000");
    assertThat(afterPackStart.errorText().orElseThrow()).hasSize(WireLimits.ERROR_TEXT_BYTES);
    assertThat(afterPackStart.complete()).isFalse();
    assertThat(observe(v2("want {a}\nsideband-all\ndone"), "\\3out of memory\n0000").errorText())
        .contains("out of memory");
  }

  @Test
  void no_more_acknowledgments_are_kept_than_there_were_haves() throws IOException {
    String acks = "ACK {a}\nACK {b}\nACK {c}\nACK {d}\n";
    assertThat(
            observe(v2("want {a}\nhave {b}"), "acknowledgments\n" + acks + "0000")
                .acknowledgedIds())
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        # service=git-upload-pack
        0000
        {a} HEAD\\0side-band symref=HEAD:x
        {a} refs/heads/x
        {b} refs/tags/v
        {c} refs/tags/v^{}
        shallow {f}
        0000
        """,
        "{c} HEAD symref-target:refs/heads/x\n{a} refs/heads/x\n"
            + "{b} refs/tags/v peeled:{c}\nunborn X\n0000",
        "version 1\n{a} refs/heads/x\\0x peeled:{c}\n{b} refs/tags/v\n0000"
      })
  void tips_are_collected_from_ref_lists_of_every_version(String script) {
    byte[] refList = WireScript.bytes(script);
    for (int split = 0; split <= refList.length; split++) {
      TipCollector observer = new TipCollector(10);
      observer.onBytes(ByteBuffer.wrap(refList, 0, split));
      observer.onBytes(ByteBuffer.wrap(refList, split, refList.length - split));
      observer.onEnd();
      assertThat(observer.complete()).isTrue();
      RefTips tips = observer.tips().orElseThrow();
      assertThat(tips.size()).isEqualTo(2);
      assertThat(tips.contains("refs/heads/x", id('a'))).isTrue();
      assertThat(tips.contains("refs/tags/v", id('b'))).isTrue();
      assertThat(tips.contains("refs/heads/x", id('b'))).isFalse();
      assertThat(tips.contains("refs/heads/y", id('a'))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{a} HEAD",
        "{a} HEAD\n=00",
        "ERR no\n0000",
        "=<html>",
        "{a} refs/a\n{b} refs/b\n{c} refs/c\n{d} refs/d\n0000",
        "{a} refs/a\n{{b}} refs/b\n0000"
      })
  void an_incomplete_or_malformed_ref_list_has_no_known_tips(String script) {
    TipCollector observer = new TipCollector(3);
    observer.onBytes(ByteBuffer.wrap(WireScript.bytes(script)));
    observer.onEnd();
    assertThat(observer.tips()).isEmpty();
  }

  @Test
  void an_empty_repository_has_an_empty_set_of_tips() {
    TipCollector observer = new TipCollector(3);
    observer.onBytes(ByteBuffer.wrap(WireScript.bytes("{0} capabilities^{}\\0x\n0000")));
    observer.onEnd();
    assertThat(observer.tips().orElseThrow().size()).isZero();
  }

  private static V0ResponseHead head(String script, boolean deepened) throws IOException {
    return V0ResponseHead.read(WireScript.reader(script), deepened);
  }

  private static Fetch v0(String script) throws IOException {
    return V0FetchReader.read(WireScript.bytes(script)).orElseThrow();
  }

  private static Fetch v2(String arguments) throws IOException {
    String script = "command=fetch\n0001\n" + arguments + "\n0000";
    return ((V2Command.FetchCommand) V2CommandReader.read(WireScript.reader(script)).orElseThrow())
        .fetch();
  }

  private static FetchResponseObserver observe(Fetch fetch, String script) {
    return observeSplit(fetch, WireScript.bytes(script), 0);
  }

  private static FetchResponseObserver observeSplit(Fetch fetch, byte[] response, int split) {
    FetchResponseObserver observer = new FetchResponseObserver(fetch);
    ByteBuffer first = ByteBuffer.wrap(response, 0, split);
    observer.onBytes(first);
    assertThat(first.remaining()).as("the position of the buffer does not change").isEqualTo(split);
    observer.onBytes(ByteBuffer.wrap(response, split, response.length - split));
    observer.onEnd();
    return observer;
  }

  /// The lines on band 1, as `sideband-all` requires.
  private static String framed(String lines) {
    StringBuilder framed = new StringBuilder();
    lines
        .lines()
        .forEach(line -> framed.append(line.startsWith("000") ? line : "\\1" + line).append('\n'));
    return framed.toString();
  }
}
