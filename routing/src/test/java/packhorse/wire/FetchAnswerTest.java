package packhorse.wire;

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

/// Answers to fetches: the head that a bridge reads, and the watch that follows them.
class FetchAnswerTest {

  private static final String V0_PACK = "\\1PACK1234\\\n\\2Counting\n\\1\\\n\\1567\\\n0000";

  private static final String SHALLOW = "shallow {f}\\\nunshallow {e}\\\n0000\n";

  @Test
  void the_head_of_a_v0_answer_ends_where_the_pack_begins() throws IOException {
    V0Answer answer = head("ACK {a} common\nACK {b} ready\nNAK\nACK {a}\n" + V0_PACK, false);
    assertThat(answer.acks())
        .containsExactly(
            new Ack(id('a'), Ack.Kind.COMMON),
            new Ack(id('b'), Ack.Kind.READY),
            new Ack(id('a'), Ack.Kind.PLAIN));
    assertThat(answer.nak()).isTrue();
    assertThat(answer.pack()).isTrue();
    assertThat(answer.over().toArray()).isEqualTo(WireScript.bytes("\\1PACK1234\\"));
  }

  @Test
  void a_round_without_a_pack_ends_with_the_answer() throws IOException {
    V0Answer answer = head("NAK", false);
    assertThat(answer.nak()).isTrue();
    assertThat(answer.pack()).isFalse();
    assertThat(head("ACK {a} continue", false).acks()).hasSize(1);
    assertThat(head("", false).pack()).isFalse();
  }

  @Test
  void the_shallow_list_comes_first_and_may_be_all() throws IOException {
    V0Answer list = head(SHALLOW, true);
    assertThat(list.shallow()).isEqualTo(new ShallowLines(List.of(id('f')), List.of(id('e'))));
    assertThat(list.pack()).isFalse();
    V0Answer pack = head("0000\nNAK\n=PACK", true);
    assertThat(pack.shallow()).isEqualTo(ShallowLines.NONE);
    assertThat(pack.over().text()).isEqualTo("PACK");
  }

  @Test
  void an_error_in_place_of_the_answer_is_told() throws IOException {
    assertThat(head("ERR upload-pack: not our ref {a}", false).error().map(ErrorLines::notOurRef))
        .contains(true);
    assertThat(head("ERR no", true).error()).contains("no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shallow {a}", "0000", "0001", "ACK x", "<html>", "=<html>", "\\4x"})
  void what_is_no_answer_is_refused(String script) {
    assertThatThrownBy(() -> head(script, false)).isInstanceOf(WireException.class);
  }

  @Test
  void a_shallow_list_that_is_cut_short_is_refused() {
    assertThatThrownBy(() -> head("shallow {a}", true)).isInstanceOf(WireException.CutShort.class);
    assertThatThrownBy(() -> head("NAK\n0000", true)).isInstanceOf(WireException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sideband-all\n"})
  void a_v2_answer_is_followed_split_at_any_byte(String sidebandAll) throws IOException {
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
    String all = sidebandAll.isEmpty() ? lines : "\\2\\\n" + framed(lines);
    byte[] answer = WireScript.bytes(all + V0_PACK);
    for (int split = 0; split <= answer.length; split++) {
      FetchAnswerWatch watch = split(fetch, answer, split);
      assertThat(watch.acknowledged()).containsExactly(id('b'));
      assertThat(watch.ready()).isTrue();
      assertThat(watch.shallowSection()).isTrue();
      assertThat(watch.packBegun()).isTrue();
      assertThat(watch.packBytes()).isEqualTo(11);
      assertThat(watch.complete()).isTrue();
      assertThat(watch.error()).isEmpty();
    }
  }

  @Test
  void a_v2_round_without_a_pack_is_complete_with_its_flush() throws IOException {
    FetchAnswerWatch watch = watch(v2("want {a}\nhave {b}"), "acknowledgments\nNAK\n0000");
    assertThat(watch.complete()).isTrue();
    assertThat(watch.acknowledged()).isEmpty();
    assertThat(watch.packBegun()).isFalse();
  }

  @Test
  void a_fetch_that_wants_nothing_is_answered_with_nothing() throws IOException {
    assertThat(watch(v2("have {b}"), "").complete()).isTrue();
    assertThat(watch(v2("wait-for-done\nhave {b}"), "").complete()).isFalse();
    assertThat(watch(v2("want {a}\ndone"), "").complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "want {a} side-band-64k multi_ack_detailed\ndeepen 1\n0000\nhave {b}\ndone",
        "want {a} side-band\ndeepen 1\n0000\nhave {b}\ndone"
      })
  void a_v0_answer_is_followed_split_at_any_byte(String request) throws IOException {
    byte[] answer =
        WireScript.bytes(SHALLOW + "ACK {b} common\nACK {c} ready\nNAK\nACK {b}\n" + V0_PACK);
    for (int split = 0; split <= answer.length; split++) {
      FetchAnswerWatch watch = split(v0(request), answer, split);
      assertThat(watch.acknowledged()).containsExactly(id('b'));
      assertThat(watch.ready()).isTrue();
      assertThat(watch.shallowSection()).isTrue();
      assertThat(watch.packBytes()).isEqualTo(11);
      assertThat(watch.complete()).isTrue();
    }
  }

  @Test
  void a_pack_without_frames_is_complete_with_its_trailer() throws IOException {
    String pack =
        WireText.text(PackEndTest.pack(ObjectFormat.SHA1, WireText.bytes("PACK\0\0\0\2\0\0\0\0")));
    Fetch fetch = v0("want {a}\n0000\ndone");
    byte[] nak = WireScript.bytes("NAK");
    byte[] answer = Bytes.of(WireText.text(nak) + pack).toArray();
    for (int split = 0; split <= answer.length; split++) {
      FetchAnswerWatch watch = split(fetch, answer, split);
      assertThat(watch.packBytes()).isEqualTo(32);
      assertThat(watch.complete()).isTrue();
    }
    byte[] cut = Bytes.of(WireText.text(nak) + pack.substring(0, 31)).toArray();
    assertThat(split(fetch, cut, 10).complete()).isFalse();
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
  void a_v0_answer_is_complete_only_when_it_ended_as_it_should(String script, boolean complete)
      throws IOException {
    Fetch fetch = v0("want {a} side-band-64k\n0000\nhave {b}\n0000");
    assertThat(watch(fetch, script.replace('|', '\n')).complete()).isEqualTo(complete);
  }

  @Test
  void the_shallow_list_alone_is_a_complete_answer() throws IOException {
    Fetch fetch = v0("want {a} side-band-64k\ndeepen 1\n0000");
    assertThat(watch(fetch, SHALLOW).complete()).isTrue();
    assertThat(watch(fetch, "shallow {f}").complete()).isFalse();
  }

  @Test
  void errors_are_kept_in_their_first_bytes() throws IOException {
    FetchAnswerWatch early = watch(v2("want {a}\ndone"), "ERR upload-pack: not our ref {a}");
    assertThat(early.error().map(ErrorLines::notOurRef)).contains(true);
    assertThat(early.packBytes()).isZero();
    assertThat(early.complete()).isFalse();
    FetchAnswerWatch late =
        watch(v2("want {a}\ndone"), "packfile\n\\1PACK\n\\3" + "x".repeat(5_000) + "\n0000");
    assertThat(late.error().orElseThrow()).hasSize(Limits.ERROR_TEXT);
    assertThat(late.complete()).isFalse();
    assertThat(watch(v2("want {a}\nsideband-all\ndone"), "\\3out of memory\n0000").error())
        .contains("out of memory");
  }

  @Test
  void a_node_cannot_make_us_keep_more_acknowledgments_than_there_were_haves() throws IOException {
    String acks = "ACK {a}\nACK {b}\nACK {c}\nACK {d}\n";
    assertThat(watch(v2("want {a}\nhave {b}"), "acknowledgments\n" + acks + "0000").acknowledged())
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        # service=git-upload-pack
        0000
        {a} HEAD\\0side-band symref=HEAD:x
        {b} refs/tags/v
        {a} refs/tags/v^{}
        shallow {f}
        0000
        """,
        "{a} HEAD symref-target:refs/heads/main\n{b} refs/tags/v peeled:{a}\nunborn X\n0000",
        "version 1\n{a} HEAD\\0x peeled:{c}\n{b} refs/tags/v\n0000"
      })
  void tips_are_collected_from_lists_of_every_version(String script) {
    byte[] list = WireScript.bytes(script);
    for (int split = 0; split <= list.length; split++) {
      TipsWatch watch = new TipsWatch(10);
      watch.passed(ByteBuffer.wrap(list, 0, split));
      watch.passed(ByteBuffer.wrap(list, split, list.length - split));
      watch.ended();
      Tips tips = watch.tips().orElseThrow();
      assertThat(tips.size()).isEqualTo(2);
      assertThat(tips.containsAll(List.of(id('a'), id('b')))).isTrue();
      assertThat(tips.contains(id('f'))).isFalse();
      assertThat(tips.contains(new ObjectId("a".repeat(64)))).isFalse();
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
        "{a} a\n{b} b\n{c} c\n{d} d\n0000",
        "{a} a\n{{b}} b\n0000"
      })
  void tips_of_a_list_that_cannot_be_trusted_are_unknown(String script) {
    TipsWatch watch = new TipsWatch(3);
    watch.passed(ByteBuffer.wrap(WireScript.bytes(script)));
    watch.ended();
    assertThat(watch.tips()).isEmpty();
  }

  @Test
  void an_empty_repository_has_no_tips() {
    TipsWatch watch = new TipsWatch(3);
    watch.passed(ByteBuffer.wrap(WireScript.bytes("{0} capabilities^{}\\0x\n0000")));
    watch.ended();
    assertThat(watch.tips().orElseThrow().size()).isZero();
  }

  private static V0Answer head(String script, boolean deepened) throws IOException {
    return V0Answer.read(WireScript.reader(script), deepened);
  }

  private static Fetch v0(String script) throws IOException {
    return FetchReader.v0(WireScript.bytes(script)).orElseThrow();
  }

  private static Fetch v2(String arguments) throws IOException {
    String script = "command=fetch\n0001\n" + arguments + "\n0000";
    return ((V2Command.FetchCommand) V2CommandReader.read(WireScript.reader(script)).orElseThrow())
        .fetch();
  }

  private static FetchAnswerWatch watch(Fetch fetch, String script) {
    return split(fetch, WireScript.bytes(script), 0);
  }

  private static FetchAnswerWatch split(Fetch fetch, byte[] answer, int split) {
    FetchAnswerWatch watch = new FetchAnswerWatch(fetch);
    ByteBuffer first = ByteBuffer.wrap(answer, 0, split);
    watch.passed(first);
    assertThat(first.remaining()).as("the bytes are left as they are").isEqualTo(split);
    watch.passed(ByteBuffer.wrap(answer, split, answer.length - split));
    watch.ended();
    return watch;
  }

  /// Lines in frames of band 1, as `sideband-all` wants them.
  private static String framed(String lines) {
    StringBuilder framed = new StringBuilder();
    lines
        .lines()
        .forEach(line -> framed.append(line.startsWith("000") ? line : "\\1" + line).append('\n'));
    return framed.toString();
  }
}
