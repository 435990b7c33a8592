package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.ResponsePrefix;
import packhorse.wire.fetch.V0ResponseHead;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReader;
import packhorse.wire.push.PushReportWriter;
import packhorse.wire.refs.AdvertisementHead;
import packhorse.wire.refs.V0AdvertisementSummary;
import packhorse.wire.translate.LsRefsTranslator;
import packhorse.wire.translate.TranslatedCapabilities;
import packhorse.wire.translate.V2ResponsePrefix;
import packhorse.wire.translate.V2ToV0Request;

/// The pkts that the proxy composes have, byte for byte, the form of those that this machine's git
/// sends in their place. Those of a v0 conversation are compared in the SSH front's tests.
final class ComposedPktsTest {
  private static final Map<String, String> V2 = Map.of("GIT_PROTOCOL", "version=2");

  @TempDir private Path folder;
  private GitProgram git = new GitProgram(Path.of("."));

  @BeforeEach
  void makeRepository() throws IOException, InterruptedException {
    git = new GitProgram(folder);
    run("init", "-q", "-b", "main", ".");
    for (int i = 1; i <= 4; i++) run("commit", "-q", "--allow-empty", "-m", "commit " + i);
    run("tag", "-a", "-m", "one", "v1");
    run("config", "uploadpack.allowSidebandAll", "true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "want 0\ndone",
        "want 0\nhave {a}",
        "want 0\nhave 1",
        "want 0\nwait-for-done\nhave 1",
        "want 0\nhave 2\ndone",
        "want 0\ndeepen 1\ndone",
        "want 0\nshallow 0\ndone",
        "want 0\nshallow 0\ndeepen 3\ndone",
        "want 0\nshallow 0\ndeepen 2147483647\nhave 0\ndone",
        "want {a}\ndone"
      })
  void translated_responses_are_those_of_git_up_to_the_pack(String arguments)
      throws IOException, InterruptedException {
    for (String framing : List.of("", "sideband-all\n")) {
      String script = "command=fetch\n0001\n" + framing + withIds(arguments) + "\n0000";
      V2Command command = V2CommandReader.read(WireScript.reader(script)).orElseThrow();
      ByteString ofGit = git.run(V2, command.raw().text(), "upload-pack", "--stateless-rpc", ".");
      Fetch fetch = ((V2Command.FetchCommand) command).fetch();
      assertThat(translatedResponse(fetch)).as(script).isEqualTo(beforePack(ofGit));
      if (arguments.equals("want 0\ndone") && framing.isEmpty()) {
        assertThat(ResponsePrefix.of(fetch).orElseThrow().toByteString())
            .isEqualTo(beforePack(ofGit));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "peel\nsymrefs\n", "symrefs\nref-prefix HEAD\n", "ref-prefix x\n"})
  void a_translated_list_of_refs_is_that_of_git(String arguments)
      throws IOException, InterruptedException {
    V2Command command =
        V2CommandReader.read(WireScript.reader("command=ls-refs\n0001\n" + arguments + "0000"))
            .orElseThrow();
    PktReader in = new PktReader(advertisement("").newInputStream(), 100_000);
    byte[] translated =
        new LsRefsTranslator(AdvertisementHead.read(in), in, (V2Command.LsRefs) command)
            .readAllBytes();
    assertThat(ByteString.wrap(translated))
        .isEqualTo(git.run(V2, command.raw().text(), "upload-pack", "--stateless-rpc", "."));
  }

  @Test
  void the_beginning_of_an_advertisement_is_written_as_it_was_read()
      throws IOException, InterruptedException {
    for (String version : List.of("", "version=1", "version=2")) {
      ByteString ofGit = advertisement(version);
      PktReader in = new PktReader(ofGit.newInputStream(), 100_000);
      in.startRecording();
      AdvertisementHead head = AdvertisementHead.read(in);
      assertThat(head.toByteString()).isEqualTo(in.recordedBytes());
    }
  }

  @Test
  void the_lines_of_a_translated_advertisement_are_those_of_git()
      throws IOException, InterruptedException {
    List<String> ofGit = pkts(advertisement("version=2"));
    List<String> translated = pkts(TranslatedCapabilities.toAdvertisement(summary()));
    assertThat(translated).startsWith(ofGit.getFirst(), ofGit.get(1)).endsWith(ofGit.getLast());
    assertThat(translated).allMatch(pkt -> pkt.equals("flush") || pkt.endsWith("\n"));
    assertThat(translated).contains("object-format=sha1\n");
    assertThat(ofGit).contains("object-format=sha1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"report-status", "report-status side-band-64k"})
  void the_report_on_a_refused_push_is_that_of_git(String capabilities)
      throws IOException, InterruptedException {
    Path hook = folder.resolve(".git/hooks/pre-receive");
    Files.writeString(hook, "#!/bin/sh\necho no >&2\nexit 1\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    String zero = "0".repeat(40);
    String tip = id("main");
    String commands =
        String.format("%s %s refs/heads/a\\0 %s\n", zero, tip, capabilities)
            + String.format("%s %s refs/heads/b\n0000", zero, tip);
    Push push = PushReader.read(WireScript.stream(commands)).orElseThrow();
    byte[] pack =
        PackEndDetectorTest.pack(ObjectFormat.SHA1, WireText.bytes("PACK\0\0\0\2\0\0\0\0"));
    String input = push.raw().text() + WireText.text(pack);
    assertThat(PushReportWriter.refusal(push, "no", "pre-receive hook declined"))
        .isEqualTo(git.run(Map.of(), input, "receive-pack", "--stateless-rpc", "."));
  }

  private ByteString translatedResponse(Fetch fetch) throws IOException, InterruptedException {
    V0AdvertisementSummary node = summary();
    boolean done = V2ToV0Request.expectsPack(fetch);
    ByteString request = V2ToV0Request.compose(fetch, node.capabilities(), node.tip(), done);
    ByteString ofNode = git.run(Map.of(), request.text(), "upload-pack", "--stateless-rpc", ".");
    PktReader in = new PktReader(ofNode.newInputStream(), 100_000);
    V0ResponseHead head = V0ResponseHead.read(in, fetch.deepen().isRequested());
    if (head.errorText().isPresent()) return V2ResponsePrefix.error(fetch, head.errorText().get());
    return head.hasPack()
        ? V2ResponsePrefix.beforePack(
            fetch, head.acknowledgments(), head.shallowUpdate(), node.shallow())
        : V2ResponsePrefix.acknowledgments(fetch, head.acknowledgments());
  }

  private V0AdvertisementSummary summary() throws IOException, InterruptedException {
    return V0AdvertisementSummary.read(new PktReader(advertisement("").newInputStream(), 100_000));
  }

  private ByteString advertisement(String version) throws IOException, InterruptedException {
    String[] command = {"upload-pack", "--stateless-rpc", "--http-backend-info-refs", "."};
    return git.run(Map.of("GIT_PROTOCOL", version), "", command);
  }

  /// Replaces each digit that stands for an object: the number of commits behind the tip.
  private String withIds(String arguments) throws IOException, InterruptedException {
    String result = arguments;
    for (int i = 0; i <= 2; i++) {
      result = result.replaceAll("(want|have|shallow) " + i + "\\b", "$1 " + id("main~" + i));
    }
    return result;
  }

  private String id(String revision) throws IOException, InterruptedException {
    return run("rev-parse", revision).text().strip();
  }

  private ByteString run(String... arguments) throws IOException, InterruptedException {
    return git.run(Map.of(), "", arguments);
  }

  /// The bytes of a response up to its first side-band frame of a pack or of progress.
  private static ByteString beforePack(ByteString response) {
    String text = response.text();
    int header = text.indexOf("packfile\n");
    return header < 0 ? response : ByteString.of(text.substring(0, header + "packfile\n".length()));
  }

  private static List<String> pkts(ByteString message) {
    String[] lines = message.text().split("(?<=\n)", -1);
    return Arrays.stream(lines)
        .map(line -> line.equals("0000") ? "flush" : line.substring(4))
        .toList();
  }
}
