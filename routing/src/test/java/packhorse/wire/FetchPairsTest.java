package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The same question in two dialects is the same value: that is what routing, audit and the cache
/// look at.
class FetchPairsTest {

  private static final String V0_WORDS =
      " multi_ack_detailed no-done side-band-64k thin-pack include-tag ofs-delta";
  private static final String V2_HEAD =
      "command=fetch|agent=git/2\\|object-format=sha1\\|0001|thin-pack|include-tag|ofs-delta|";

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
  }
}
