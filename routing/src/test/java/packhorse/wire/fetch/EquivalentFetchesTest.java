package packhorse.wire.fetch;

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
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.Generated;
import packhorse.wire.WireException;
import packhorse.wire.WireScript;
import packhorse.wire.translate.TranslatedCapabilities;
import packhorse.wire.translate.V2ToV0Request;

/// Equivalent fetches in v0 and v2 have equal keys, which routing, audit and the cache rely on.
class EquivalentFetchesTest {

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
  void equivalent_fetches_in_v0_and_v2_have_equal_keys(String v0, String v2) throws IOException {
    Fetch old =
        V0FetchReader.read(WireScript.bytes(v0.replace("WORDS", V0_WORDS).replace('|', '\n')))
            .orElseThrow();
    String command = v2.replace("HEAD", V2_HEAD).replace('|', '\n');
    Fetch now =
        ((V2Command.FetchCommand) V2CommandReader.read(WireScript.reader(command)).orElseThrow())
            .fetch();
    assertThat(old.key()).isEqualTo(now.key());
    assertThat(old.unknownArguments()).isEmpty();
    assertThat(old.dialect()).isNotEqualTo(now.dialect());
    assertThat(translated(now).key()).isEqualTo(old.key());
    assertThat(saidAgain(old).key()).isEqualTo(old.key());
  }

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void a_translated_v2_fetch_has_the_same_key_in_v0(long seed) throws IOException {
    byte[] bytes = WireScript.bytes(new Generated(seed).v2Fetch());
    Optional<V2Command> command;
    try {
      command = V2CommandReader.read(ByteString.copyOf(bytes));
    } catch (WireException contradiction) {
      return;
    }
    Fetch now = ((V2Command.FetchCommand) command.orElseThrow()).fetch();
    Optional<String> no = TranslatedCapabilities.unofferedArgument(now);
    if (now.wants().isEmpty() || no.isPresent()) return;
    Fetch said = translated(now);
    Set<FetchOption> options = EnumSet.noneOf(FetchOption.class);
    options.addAll(now.key().options());
    // not said, but heeded
    options.remove(FetchOption.WAIT_FOR_DONE);
    Fetch.FetchKey asked = now.key();
    var known =
        new Fetch.ClientHistory(now.haves(), now.shallows(), V2ToV0Request.expectsPack(now));
    assertThat(said.key())
        .isEqualTo(
            new Fetch.FetchKey(
                asked.wants(),
                known,
                asked.deepen(),
                asked.filter(),
                options,
                Fetch.Extensions.NONE));
  }

  // v2 at the client, v0 at the node
  private static Fetch translated(Fetch now) throws IOException {
    ByteString body =
        V2ToV0Request.compose(now, NODE, Optional.empty(), V2ToV0Request.expectsPack(now));
    return V0FetchReader.read(body.toArray()).orElseThrow();
  }

  // v0 over SSH at the client, v0 over stateless RPC at the node: everything is acknowledged, and
  // the last round adds nothing
  private static Fetch saidAgain(Fetch old) throws IOException {
    UploadRequest wants =
        new UploadRequest(
            old.wants(),
            old.shallows(),
            old.deepen(),
            old.filter(),
            Capabilities.parse((V0_WORDS + relative(old)).strip()));
    UploadHaves.End end = old.done() ? UploadHaves.End.DONE : UploadHaves.End.FLUSH;
    ByteString body =
        UploadRequestWriter.compose(wants, old.haves(), new UploadHaves(List.of(), end));
    return V0FetchReader.read(body.toArray()).orElseThrow();
  }

  private static String relative(Fetch fetch) {
    return fetch.deepen() instanceof Deepen.Depth(int _, boolean yes) && yes
        ? " deepen-relative"
        : "";
  }
}
