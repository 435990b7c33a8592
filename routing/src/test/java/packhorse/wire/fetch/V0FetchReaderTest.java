package packhorse.wire.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.SideBand;

class V0FetchReaderTest {

  @Test
  void a_clone_has_wants_and_done() throws WireException {
    Fetch fetch =
        fetch(
            """
            want {a} multi_ack_detailed no-done side-band-64k thin-pack no-progress include-tag ofs-delta deepen-since deepen-not agent=git/2.39.5 session-id=x
            want {b}
            0000
            done
            """);
    assertThat(fetch.wants()).containsExactly(id('a'), id('b'));
    assertThat(fetch.haves()).isEmpty();
    assertThat(fetch.done()).isTrue();
    assertThat(fetch.deepen().isRequested()).isFalse();
    assertThat(fetch.key().options())
        .isEqualTo(
            Set.of(
                FetchOption.THIN_PACK,
                FetchOption.NO_PROGRESS,
                FetchOption.INCLUDE_TAG,
                FetchOption.OFS_DELTA));
    assertThat(fetch.dialect())
        .isEqualTo(
            new FetchDialect.V0(
                FetchDialect.AcknowledgmentMode.MULTI_ACK_DETAILED, SideBand.SIDE_BAND_64K, true));
    assertThat(fetch.clientAgent().agent()).contains("git/2.39.5");
    assertThat(fetch.clientAgent().sessionId()).contains("x");
    assertThat(fetch.unknownArguments()).isEmpty();
  }

  @Test
  void a_shallow_clone_first_requests_the_shallow_update_alone() throws WireException {
    Fetch fetch = fetch("want {a} side-band\ndeepen 1\\\n0000");
    assertThat(fetch.deepen()).isEqualTo(new Deepen.Depth(1, false));
    assertThat(fetch.done()).isFalse();
    assertThat(fetch.haves()).isEmpty();
    assertThat(fetch.dialect())
        .isEqualTo(
            new FetchDialect.V0(FetchDialect.AcknowledgmentMode.NONE, SideBand.SIDE_BAND, false));
  }

  @Test
  void a_round_of_haves_ends_with_a_flush() throws WireException {
    Fetch fetch =
        fetch(
            """
            want {a} multi_ack
            shallow {f}\\
            deepen 3
            0000
            have {c}
            have {b}
            have {c}
            0000
            """);
    assertThat(fetch.haves()).containsExactly(id('c'), id('b'));
    assertThat(fetch.shallows()).containsExactly(id('f'));
    assertThat(fetch.done()).isFalse();
    assertThat(fetch.dialect())
        .isEqualTo(
            new FetchDialect.V0(FetchDialect.AcknowledgmentMode.MULTI_ACK, SideBand.NONE, false));
  }

  @Test
  void depth_may_be_relative_or_exclude_dates_and_refs() throws WireException {
    assertThat(fetch("want {a}\ndeepen-since 0\n0000").deepen())
        .isEqualTo(new Deepen.Exclusion(OptionalLong.of(0), List.of()));
    assertThat(fetch("want {a} deepen-relative\ndeepen 2147483647\n0000").deepen())
        .isEqualTo(new Deepen.Depth(Integer.MAX_VALUE, true));
    assertThat(
            fetch("want {a}\ndeepen-since 1700000000\ndeepen-not v2\ndeepen-not v1\n0000").deepen())
        .isEqualTo(new Deepen.Exclusion(OptionalLong.of(1_700_000_000), List.of("v1", "v2")));
  }

  @Test
  void a_filter_and_sha256_are_read() throws WireException {
    Fetch fetch = fetch("want {{a}} object-format=sha256 filter\nfilter blob:none\n0000\ndone");
    assertThat(fetch.format()).isEqualTo(ObjectFormat.SHA256);
    assertThat(fetch.filter()).contains("blob:none");
    assertThat(fetch.unknownArguments()).isEmpty();
  }

  @Test
  void capabilities_are_read_from_every_want_line_as_in_git() throws WireException {
    Fetch fetch = fetch("want {a}\nwant {b} thin-pack side-band-64k\n0000\ndone");
    assertThat(fetch.has(FetchOption.THIN_PACK)).isTrue();
    assertThat(fetch.dialect())
        .isEqualTo(
            new FetchDialect.V0(
                FetchDialect.AcknowledgmentMode.NONE, SideBand.SIDE_BAND_64K, false));
  }

  @Test
  void unknown_capabilities_and_trailing_lines_are_kept() throws WireException {
    Fetch fetch =
        fetch("want {a} frotz=1 deepen-relative thin-pack\n0000\nhave {b}\n0000\nhave {c}\ndone");
    assertThat(fetch.unknownArguments())
        .containsExactly("frotz=1", "deepen-relative", "have " + id('c'), "done");
    assertThat(fetch.haves()).containsExactly(id('b'));
    assertThat(fetch.done()).isFalse();
  }

  @Test
  void a_flush_alone_is_a_request_for_nothing() throws WireException {
    assertThat(V0FetchReader.read(WireScript.bytes("0000"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "want {a}",
        "want {a}\n0001",
        "want {a}\n0000\n0001",
        "want {a}\n0000\nhave x\n0000",
        "want {a}\n0000\nhave {b} \n0000",
        "want {a}\n0000\nwant {b}\n0000",
        "want abc\n0000",
        "want {{a}}\nwant {a}\n0000",
        "want {a}\n0000\nhave {{b}}\ndone",
        "want {a} object-format=sha256\n0000",
        "want {a} object-format=md5\n0000",
        "deepen 1\n0000",
        "have {a}\n0000",
        "command=ls-refs\n0000",
        "want {a}\ndeepen 0\n0000",
        "want {a}\ndeepen -1\n0000",
        "want {a}\ndeepen 0x10\n0000",
        "want {a}\ndeepen 2147483648\n0000",
        "want {a}\ndeepen-since 99999999999999999999\n0000",
        "want {a}\ndeepen 1\ndeepen-not x\n0000",
        "want {a}\nfilter blob:none\nfilter tree:0\n0000",
        "want {a}\nfrotz\n0000"
      })
  void what_git_would_not_read_is_rejected(String script) {
    assertThatThrownBy(() -> V0FetchReader.read(WireScript.bytes(script)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void wants_and_capabilities_beyond_the_limits_are_rejected() {
    byte[] want = WireScript.bytes("want {a}");
    byte[] body = new byte[want.length * (WireLimits.WANTS + 1)];
    for (int i = 0; i < body.length; i += want.length) {
      System.arraycopy(want, 0, body, i, want.length);
    }
    String script =
        "want {a} " + "x".repeat(30_000) + "\nwant {a} " + "y".repeat(30_000) + "\n0000";
    assertThatThrownBy(() -> fetch(script)).isInstanceOf(WireException.TooLarge.class);
    PktReader in = new PktReader(ByteString.wrap(body).newInputStream(), 1L << 30);
    assertThatThrownBy(() -> UploadRequest.read(in)).isInstanceOf(WireException.TooLarge.class);
    assertThatThrownBy(() -> V0FetchReader.read(new byte[(int) WireLimits.FETCH_REQUEST_BYTES + 1]))
        .isInstanceOf(WireException.class);
  }

  @Test
  void an_ssh_conversation_is_one_upload_request_and_rounds_of_haves() throws IOException {
    PktReader in =
        WireScript.reader(
            """
            want {a} multi_ack_detailed
            deepen 1
            0000
            have {b}
            have {c}
            0000
            have {d}
            done
            """);
    UploadRequest request = UploadRequest.read(in).orElseThrow();
    assertThat(UploadHaves.read(in, request.format()))
        .isEqualTo(new UploadHaves(List.of(id('b'), id('c')), UploadHaves.End.FLUSH));
    assertThat(UploadHaves.read(in, request.format()))
        .isEqualTo(new UploadHaves(List.of(id('d')), UploadHaves.End.DONE));
    assertThat(UploadHaves.read(in, request.format()))
        .isEqualTo(new UploadHaves(List.of(), UploadHaves.End.END_OF_INPUT));
    assertThat(UploadRequest.read(WireScript.reader("0000"))).isEmpty();
    assertThatThrownBy(() -> UploadRequest.read(WireScript.reader("")))
        .isInstanceOf(WireException.UnexpectedEnd.class);
  }

  @Test
  void a_stateless_body_repeats_wants_depth_and_acknowledged_haves() throws IOException {
    String script =
        """
        want {c} multi_ack_detailed side-band-64k
        want {a}
        shallow {f}
        deepen 1
        filter blob:none
        0000
        """;
    UploadRequest request = UploadRequest.read(WireScript.reader(script)).orElseThrow();
    assertThat(UploadRequestWriter.withoutHaves(request).toArray())
        .isEqualTo(WireScript.bytes(script));
    UploadHaves round = new UploadHaves(List.of(id('d')), UploadHaves.End.FLUSH);
    assertThat(UploadRequestWriter.compose(request, List.of(id('b')), round).toArray())
        .isEqualTo(WireScript.bytes(script + "have {b}\nhave {d}\n0000"));
    UploadRequest toNode = request.withCapabilities(Capabilities.parse("ofs-delta"));
    UploadHaves last = new UploadHaves(List.of(), UploadHaves.End.DONE);
    assertThat(UploadRequestWriter.compose(toNode, List.of(id('b')), last).toArray())
        .isEqualTo(
            WireScript.bytes(
                script.replace("multi_ack_detailed side-band-64k", "ofs-delta")
                    + "have {b}\ndone"));
  }

  private static Fetch fetch(String script) throws WireException {
    return V0FetchReader.read(WireScript.bytes(script)).orElseThrow();
  }
}
