package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The same question in two dialects is the same value: that is what routing, audit and the cache
/// look at.
class FetchPairsTest {

  private static final String V0_WORDS =
      " multi_ack_detailed no-done side-band-64k thin-pack include-tag ofs-delta";
  private static final String V2_HEAD =
      "command=fetch|agent=git/2\\|object-format=sha1\\|0001|thin-pack|include-tag|ofs-delta|";

  private static final Capabilities NODE =
      Capabilities.parse(
          "multi_ack_detailed no-done side-band-64k thin-pack include-tag ofs-delta no-progress"
              + " shallow deepen-since deepen-not deepen-relative filter object-format=sha1");

  @ParameterizedTest
  @CsvSource({
    // a clone: C git names a tip once for each ref in v2, once in v0
    "want {b}WORDS agent=git/2|want {a}|0000|done, HEADwant {a}|want {b}|want {b}|done|0000",
    // an incremental fetch
    "want {a}WORDS|0000|have {c}|have {b}|0000, HEADwant {a}|have {c}|have {b}|0000",
    // shallow clone, deepening, unshallow
    "want {a}WORDS|deepen 1|0000|done, HEADdeepen 1|want {a}|done|0000",
    "want {a}WORDS deepen-relative|shallow {f}|deepen 1|0000|have {c}|done, HEADshallow {f}|deepen"
        + " 1|deepen-relative|want {a}|have {c}|done|0000",
    "want {a}WORDS|shallow {f}|deepen 2147483647|0000|have {c}|0000, HEADshallow {f}|deepen"
        + " 2147483647|want {a}|have {c}|0000",
    "want {a}WORDS|deepen-since 9|deepen-not v1|0000|done, HEADdeepen-not v1|deepen-since 9|want"
        + " {a}|done|0000",
    // partial clone
    "want {a}WORDS filter|filter blob:none|0000|done, HEADfilter blob:none|want {a}|done|0000"
  })
  void one_question_is_one_value(String v0, String v2) throws IOException {
    Fetch old =
        FetchReader.v0(WireScript.bytes(v0.replace("WORDS", V0_WORDS).replace('|', '\n')))
            .orElseThrow();
    String command = v2.replace("HEAD", V2_HEAD).replace('|', '\n');
    Fetch now =
        ((V2Command.FetchCommand) V2CommandReader.read(WireScript.reader(command)).orElseThrow())
            .fetch();
    assertThat(old.question()).isEqualTo(now.question());
    assertThat(old.unknown()).isEmpty();
    assertThat(old.dialect()).isNotEqualTo(now.dialect());
    assertThat(translated(now).question()).isEqualTo(old.question());
    assertThat(saidAgain(old).question()).isEqualTo(old.question());
  }

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void what_a_v2_client_asks_is_what_a_v0_node_hears(long seed) throws IOException {
    byte[] bytes = WireScript.bytes(new Generated(seed).v2Fetch());
    Optional<V2Command> command;
    try {
      command = V2CommandReader.read(Bytes.copyOf(bytes));
    } catch (WireException contradiction) {
      return;
    }
    Fetch now = ((V2Command.FetchCommand) command.orElseThrow()).fetch();
    Optional<String> no = V2Offer.notOffered(now);
    if (now.wants().isEmpty() || no.isPresent()) return;
    Fetch said = translated(now);
    Set<FetchOption> options = EnumSet.noneOf(FetchOption.class);
    options.addAll(now.question().options());
    // not said, but heeded
    options.remove(FetchOption.WAIT_FOR_DONE);
    Fetch.Question asked = now.question();
    var known = new Fetch.Known(now.haves(), now.shallows(), V2InV0.done(now));
    assertThat(said.question())
        .isEqualTo(
            new Fetch.Question(
                asked.wanted(), known, asked.deepen(), asked.filter(), options, Fetch.Extras.NONE));
  }

  // v2 at the client, v0 at the node
  private static Fetch translated(Fetch now) throws IOException {
    Bytes body = V2InV0.body(now, NODE, Optional.empty(), V2InV0.done(now));
    return FetchReader.v0(body.toArray()).orElseThrow();
  }

  // v0 over SSH at the client, v0 over stateless RPC at the node: everything is acknowledged, and
  // the last round adds nothing
  private static Fetch saidAgain(Fetch old) throws IOException {
    V0Wants wants =
        new V0Wants(
            old.wants(),
            old.shallows(),
            old.deepen(),
            old.filter(),
            Capabilities.parse((V0_WORDS + relative(old)).strip()));
    V0Round.End end = old.done() ? V0Round.End.DONE : V0Round.End.FLUSH;
    Bytes body = V0Body.compose(wants, old.haves(), new V0Round(List.of(), end));
    return FetchReader.v0(body.toArray()).orElseThrow();
  }

  private static String relative(Fetch fetch) {
    return fetch.deepen() instanceof Deepen.Depth(int _, boolean yes) && yes
        ? " deepen-relative"
        : "";
  }
}
