package packhorse.wire.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static packhorse.wire.WireScript.id;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.ByteString;
import packhorse.wire.ClientAgent;
import packhorse.wire.ObjectFormat;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireScript;
import packhorse.wire.WireText;
import packhorse.wire.pkt.PktReader;

class V2CommandReaderTest {

  private static final String LS_REFS =
      """
      command=ls-refs
      agent=git/2.39.5\\
      object-format=sha1\\
      0001
      peel
      symrefs
      unborn
      ref-prefix HEAD
      ref-prefix refs/heads/
      0000
      """;

  private static final String FETCH =
      """
      command=fetch\\
      agent=git/2.39.5\\
      object-format=sha1\\
      server-option=a b
      0001
      thin-pack
      include-tag
      ofs-delta
      wait-for-done
      sideband-all
      packfile-uris https
      shallow {f}
      deepen 2
      deepen-relative
      filter tree:0
      want {b}
      want {a}
      want {b}
      want-ref refs/heads/main
      have {d}
      have {c}
      0000
      """;

  @Test
  void ls_refs_is_read_with_its_prefixes() throws IOException {
    V2Command.LsRefs command = (V2Command.LsRefs) read(LS_REFS);
    assertThat(command.prefixes()).containsExactly("HEAD", "refs/heads/");
    assertThat(command.peel() && command.symrefs() && command.unborn()).isTrue();
    assertThat(command.unknownArguments()).isEmpty();
    assertThat(command.header().clientAgent().agent()).contains("git/2.39.5");
    assertThat(command.raw().toArray()).isEqualTo(WireScript.bytes(LS_REFS));
  }

  @Test
  void fetch_is_read_with_all_its_arguments() throws IOException {
    Fetch fetch = ((V2Command.FetchCommand) read(FETCH)).fetch();
    assertThat(fetch.wants()).containsExactly(id('a'), id('b'));
    assertThat(fetch.wantRefs()).containsExactly("refs/heads/main");
    assertThat(fetch.haves()).containsExactly(id('d'), id('c'));
    assertThat(fetch.shallows()).containsExactly(id('f'));
    assertThat(fetch.deepen()).isEqualTo(new Deepen.Depth(2, true));
    assertThat(fetch.filter()).contains("tree:0");
    assertThat(fetch.has(FetchOption.WAIT_FOR_DONE)).isTrue();
    assertThat(fetch.has(FetchOption.NO_PROGRESS)).isFalse();
    assertThat(fetch.done()).isFalse();
    assertThat(fetch.packfileUris()).containsExactly("https");
    assertThat(fetch.serverOptions()).containsExactly("a b");
    assertThat(fetch.dialect()).isEqualTo(new FetchDialect.V2(true));
    assertThat(fetch.unknownArguments()).isEmpty();
  }

  @Test
  void a_written_command_reads_as_the_same_fetch() throws IOException {
    Fetch fetch = ((V2Command.FetchCommand) read(FETCH)).fetch();
    V2Command again =
        V2CommandReader.read(new PktReader(V2CommandWriter.fetch(fetch).newInputStream(), 10_000))
            .orElseThrow();
    assertThat(((V2Command.FetchCommand) again).fetch()).isEqualTo(fetch);
    ByteString lsRefs =
        V2CommandWriter.lsRefs(ObjectFormat.SHA256, ClientAgent.UNKNOWN, List.of("refs/"), true);
    assertThat(lsRefs.toArray())
        .isEqualTo(
            WireScript.bytes(
                """
                command=ls-refs
                object-format=sha256
                0001
                peel
                symrefs
                unborn
                ref-prefix refs/
                0000
                """));
  }

  @Test
  void a_negotiation_without_wants_is_a_fetch() throws IOException {
    Fetch fetch =
        ((V2Command.FetchCommand) read("command=fetch\n0001\nwait-for-done\nhave {a}\n0000"))
            .fetch();
    assertThat(fetch.wants()).isEmpty();
    assertThat(fetch.format()).isEqualTo(ObjectFormat.SHA1);
  }

  @Test
  void unknown_commands_capabilities_and_arguments_are_kept() throws IOException {
    String script = "command=object-info\nobject-format=sha1\nfrotz\n0001\nsize\noid {a}\n0000";
    V2Command command = read(script);
    assertThat(command)
        .isInstanceOfSatisfying(
            V2Command.Other.class, it -> assertThat(it.name()).isEqualTo("object-info"));
    assertThat(command.header().unknownCapabilities()).containsExactly("frotz");
    assertThat(command.raw().toArray()).isEqualTo(WireScript.bytes(script));
    Fetch fetch =
        ((V2Command.FetchCommand)
                read(
                    """
                    promisor-remote=x
                    command=fetch
                    0001
                    frotz
                    deepen-relative
                    want {a}
                    0000
                    """))
            .fetch();
    assertThat(fetch.unknownArguments())
        .containsExactlyInAnyOrder("frotz", "promisor-remote=x", "deepen-relative");
    V2Command.LsRefs lsRefs = (V2Command.LsRefs) read("command=ls-refs\n0001\nfrotz\n0000");
    assertThat(lsRefs.unknownArguments()).containsExactly("frotz");
    assertThat(lsRefs.prefixes()).isEmpty();
  }

  @Test
  void a_command_without_arguments_needs_no_delimiter() throws IOException {
    assertThat(read("command=bundle-uri\nagent=x\n0000")).isInstanceOf(V2Command.Other.class);
  }

  @Test
  void commands_are_read_one_at_a_time_until_a_flush_or_the_end_of_the_input() throws IOException {
    InputStream in = WireScript.stream(LS_REFS + FETCH + "0000\n=rest");
    PktReader reader = new PktReader(in, 1_000);
    assertThat(V2CommandReader.read(reader).orElseThrow().raw().toArray())
        .isEqualTo(WireScript.bytes(LS_REFS));
    assertThat(V2CommandReader.read(reader).orElseThrow().raw().toArray())
        .isEqualTo(WireScript.bytes(FETCH));
    assertThat(V2CommandReader.read(reader)).isEmpty();
    assertThat(in).hasBinaryContent(WireText.bytes("rest"));
    assertThat(V2CommandReader.read(WireScript.reader(""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent=x\n0000",
        "0001\n0000",
        "0002",
        "want {a}\n0000\ndone",
        "command=fetch\ncommand=fetch\n0001\n0000",
        "command=ls-refs\n0001\n0001\n0000",
        "command=ls-refs\n0001\npeel\n0001\npeel\n0000",
        "command=ls-refs\n0002\n0000",
        "command=ls-refs\n0001\npeel",
        "command=ls-refs",
        "command=fetch\nobject-format=sha256\n0001\nwant {a}\n0000",
        "command=fetch\nobject-format=frotz\n0001\n0000",
        "command=fetch\n0001\nwant {a} thin-pack\n0000",
        "command=fetch\n0001\nwant refs/heads/main\n0000",
        "command=fetch\n0001\nwant {a}\ndeepen 1\ndeepen-since 5\n0000",
        "command=fetch\n0001\nwant {a}\nfilter a\nfilter b\n0000"
      })
  void what_git_would_not_read_is_rejected(String script) {
    assertThatThrownBy(() -> read(script)).isInstanceOf(WireException.class);
  }

  @Test
  void too_many_prefixes_are_ignored_and_too_many_wants_are_rejected() throws IOException {
    String prefixes = "ref-prefix refs/heads/a\n".repeat(WireLimits.REF_PREFIXES);
    assertThat(((V2Command.LsRefs) read("command=ls-refs\n0001\n" + prefixes + "0000")).prefixes())
        .hasSize(65_535);
    assertThat(
            ((V2Command.LsRefs) read("command=ls-refs\n0001\n" + prefixes + "ref-prefix b\n0000"))
                .prefixes())
        .isEmpty();
    String wants = "want-ref a\n".repeat(WireLimits.WANTS + 1);
    assertThatThrownBy(() -> read("command=fetch\n0001\n" + wants + "0000"))
        .isInstanceOf(WireException.TooLarge.class);
  }

  @Test
  void a_body_is_relayed_whole_including_bytes_after_its_first_command() throws IOException {
    ByteString body = ByteString.copyOf(WireScript.bytes(LS_REFS + FETCH + "=rest"));
    assertThat(V2CommandReader.read(body).orElseThrow())
        .isInstanceOfSatisfying(V2Command.LsRefs.class, it -> assertThat(it.raw()).isEqualTo(body));
    assertThat(V2CommandReader.read(ByteString.of("0000"))).isEmpty();
  }

  @Test
  void unknown_arguments_capabilities_and_excluded_refs_are_limited() throws IOException {
    String unknown = "command=fetch\n0001\nwant {a}\n" + "x\n".repeat(100_000) + "0000";
    assertThat(((V2Command.FetchCommand) read(unknown)).fetch().unknownArguments())
        .hasSize(WireLimits.UNKNOWN_ARGUMENTS);
    StringBuilder capabilities = new StringBuilder("command=fetch\n");
    for (int i = 0; i <= WireLimits.CAPABILITIES; i++) {
      capabilities.append("x").append(i).append('\n');
    }
    assertThatThrownBy(() -> read(capabilities + "0000"))
        .isInstanceOf(WireException.TooLarge.class);
    String excluded =
        "command=fetch\n0001\nwant {a}\n" + "deepen-not a\n".repeat(WireLimits.DEEPEN_NOT_REFS + 1);
    assertThatThrownBy(() -> read(excluded + "0000")).isInstanceOf(WireException.TooLarge.class);
  }

  private static V2Command read(String script) throws IOException {
    return V2CommandReader.read(WireScript.reader(script)).orElseThrow();
  }
}
