package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What git itself says and understands: its advertisements and answers are read, and what we
/// compose is answered.
class RealGitTest {

  @TempDir private Path folder;

  @BeforeEach
  void makeRepository() throws IOException, InterruptedException {
    git(Map.of(), "", "init", "-q", "-b", "main", ".");
    for (int i = 1; i <= 3; i++) {
      Files.writeString(folder.resolve("file"), "text " + i + "\n");
      git(Map.of(), "", "add", "file");
      git(Map.of(), "", "commit", "-q", "-m", "commit " + i);
    }
    git(Map.of(), "", "tag", "-a", "-m", "one", "v1");
    git(Map.of(), "", "config", "uploadpack.allowFilter", "true");
    git(Map.of(), "", "config", "uploadpack.allowSidebandAll", "true");
    git(Map.of(), "", "config", "receive.denyCurrentBranch", "ignore");
  }

  @ParameterizedTest
  @EnumSource
  void every_version_advertises(ProtocolVersion version) throws IOException, InterruptedException {
    Advertisement read = advertisement(version, "upload-pack", ".");
    assertThat(read.version()).isEqualTo(version);
    assertThat(read.format()).isEqualTo(ObjectFormat.SHA1);
    assertThat(read.capabilities().value("agent").orElseThrow()).startsWith("git/");
    if (version != ProtocolVersion.V2) {
      assertThat(read.refs())
          .extracting(Ref::name)
          .containsExactly("HEAD", "refs/heads/main", "refs/tags/v1");
      assertThat(read.ref("HEAD").orElseThrow().symrefTarget()).contains("refs/heads/main");
      assertThat(read.ref("refs/tags/v1").orElseThrow().peeled()).contains(tip());
    }
  }

  @Test
  void an_empty_repository_and_a_shallow_one_advertise() throws IOException, InterruptedException {
    git(Map.of(), "", "init", "-q", "--bare", "--object-format=sha256", "empty.git");
    assertThat(advertisement(ProtocolVersion.V0, "upload-pack", "empty.git").refs()).isEmpty();
    Advertisement receive = advertisement(ProtocolVersion.V0, "receive-pack", "empty.git");
    assertThat(receive.refs()).isEmpty();
    assertThat(receive.format()).isEqualTo(ObjectFormat.SHA256);
    git(
        Map.of(),
        "",
        "clone",
        "-q",
        "--bare",
        "--depth",
        "1",
        folder.toUri().toString(),
        "shallow.git");
    assertThat(advertisement(ProtocolVersion.V0, "upload-pack", "shallow.git").shallow())
        .containsExactly(tip());
  }

  @Test
  void ls_refs_that_we_compose_is_answered() throws IOException, InterruptedException {
    Bytes command =
        V2Writer.lsRefs(ObjectFormat.SHA1, Caller.UNNAMED, List.of("HEAD", "refs/tags/"), true);
    Bytes answer = uploadPack(ProtocolVersion.V2, command);
    List<Ref> refs = LsRefsAnswer.read(new PktReader(answer.stream(), 10_000), ObjectFormat.SHA1);
    assertThat(refs).extracting(Ref::name).containsExactly("HEAD", "refs/tags/v1");
    TipsWatch tips = new TipsWatch(10);
    watch(tips, answer);
    assertThat(tips.tips().orElseThrow().contains(tip())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "done",
        "sideband-all\ndone",
        "deepen 1\ndone",
        "filter blob:none\ndeepen-not v1\ndone",
        "have TIP\nhave {a}",
        "sideband-all\nhave {a}"
      })
  void a_v2_fetch_that_we_compose_is_answered_and_followed(String arguments)
      throws IOException, InterruptedException {
    String want = "want " + (arguments.contains("not") ? next() : tip());
    String script =
        "command=fetch\n0001\nofs-delta\n"
            + want
            + "\n"
            + arguments.replace("TIP", tip().hex())
            + "\n0000";
    Fetch fetch =
        ((V2Command.FetchCommand) V2CommandReader.read(WireScript.reader(script)).orElseThrow())
            .fetch();
    FetchAnswerWatch watch = new FetchAnswerWatch(fetch);
    watch(watch, uploadPack(ProtocolVersion.V2, V2Writer.fetch(fetch)));
    assertThat(watch.error()).isEmpty();
    assertThat(watch.complete()).isTrue();
    assertThat(watch.shallowSection()).isEqualTo(fetch.deepen().asked());
    assertThat(watch.packBegun()).isEqualTo(fetch.done() || watch.ready());
    assertThat(watch.acknowledged()).hasSize(arguments.contains("TIP") ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " side-band",
        " side-band-64k",
        " side-band-64k multi_ack",
        " side-band-64k multi_ack_detailed no-done"
      })
  void a_v0_conversation_that_we_compose_is_answered_and_followed(String words)
      throws IOException, InterruptedException {
    V0Wants wants =
        V0Wants.read(WireScript.reader("want " + tip() + words + "\ndeepen 2\n0000")).orElseThrow();
    V0Answer list =
        V0Answer.read(
            new PktReader(uploadPack(ProtocolVersion.V0, V0Body.wants(wants)).stream(), 10_000),
            true);
    assertThat(list.shallow().shallow()).hasSize(1);
    assertThat(list.pack()).isFalse();
    V0Round first = new V0Round(List.of(WireScript.id('a')), V0Round.End.FLUSH);
    V0Answer nak =
        V0Answer.read(
            new PktReader(
                uploadPack(ProtocolVersion.V0, V0Body.compose(wants, List.of(), first)).stream(),
                10_000),
            true);
    assertThat(nak.nak()).isTrue();
    V0Round last = new V0Round(List.of(tip()), V0Round.End.DONE);
    Bytes answer = uploadPack(ProtocolVersion.V0, V0Body.compose(wants, List.of(), last));
    V0Answer head = V0Answer.read(new PktReader(answer.stream(), 100_000), true);
    assertThat(head.pack()).isTrue();
    assertThat(head.acks()).last().isEqualTo(new Ack(tip(), Ack.Kind.PLAIN));
    FetchAnswerWatch watch = new FetchAnswerWatch(wants.fetch(last.haves(), true));
    watch(watch, answer);
    assertThat(watch.complete()).isTrue();
    assertThat(watch.acknowledged()).containsExactly(tip());
    assertThat(watch.packBytes()).isGreaterThanOrEqualTo(32);
  }

  @Test
  void an_object_that_git_does_not_have_is_recognised_in_both_versions()
      throws IOException, InterruptedException {
    V0Wants wants = V0Wants.read(WireScript.reader("want {a}\n0000")).orElseThrow();
    V0Round done = new V0Round(List.of(), V0Round.End.DONE);
    Bytes v0 = uploadPack(ProtocolVersion.V0, V0Body.compose(wants, List.of(), done));
    assertThat(
            V0Answer.read(new PktReader(v0.stream(), 1_000), false)
                .error()
                .map(ErrorLines::notOurRef))
        .contains(true);
    for (String framed : List.of("", "sideband-all\n")) {
      String script = "command=fetch\n0001\n" + framed + "want {a}\ndone\n0000";
      V2Command command = V2CommandReader.read(WireScript.reader(script)).orElseThrow();
      Bytes answer = uploadPack(ProtocolVersion.V2, command.raw());
      Pkt first = new PktReader(answer.stream(), 1_000).read();
      assertThat(ErrorLines.said(first).map(ErrorLines::notOurRef)).contains(true);
      FetchAnswerWatch watch = new FetchAnswerWatch(((V2Command.FetchCommand) command).fetch());
      watch(watch, answer);
      assertThat(watch.error().map(ErrorLines::notOurRef)).contains(true);
      assertThat(watch.packBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"report-status", "report-status-v2 side-band-64k", "side-band-64k"})
  void a_push_is_answered_with_a_report_that_we_read(String words)
      throws IOException, InterruptedException {
    String head = "{0} " + tip() + " refs/heads/new\\0 " + words + "\n{0} {a} refs/heads/no\n0000";
    Push push = PushReader.read(WireScript.stream(head)).orElseThrow();
    byte[] pack = PackEndTest.pack(ObjectFormat.SHA1, WireText.bytes("PACK\0\0\0\2\0\0\0\0"));
    ReportWatch watch = new ReportWatch(push, () -> {});
    watch(
        watch,
        git(
            Map.of(),
            push.raw().text() + WireText.text(pack),
            "receive-pack",
            "--stateless-rpc",
            "."));
    assertThat(watch.report().isPresent()).isEqualTo(push.wantsReport());
    if (push.wantsReport()) {
      assertThat(watch.complete()).isTrue();
      PushReport report = watch.report().orElseThrow();
      assertThat(report.unpacked()).isTrue();
      assertThat(report.refs()).extracting(RefStatus::written).containsExactly(true, false);
    }
  }

  private ObjectId tip() throws IOException, InterruptedException {
    return new ObjectId(git(Map.of(), "", "rev-parse", "main").text().strip());
  }

  private ObjectId next() throws IOException, InterruptedException {
    git(Map.of(), "", "commit", "-q", "--allow-empty", "-m", "after the tag");
    return tip();
  }

  private Advertisement advertisement(ProtocolVersion version, String service, String repository)
      throws IOException, InterruptedException {
    Bytes bytes =
        git(
            environment(version),
            "",
            service,
            "--stateless-rpc",
            "--http-backend-info-refs",
            repository);
    return AdvertisementReader.read(bytes.stream());
  }

  private Bytes uploadPack(ProtocolVersion version, Bytes body)
      throws IOException, InterruptedException {
    return git(environment(version), body.text(), "upload-pack", "--stateless-rpc", ".");
  }

  private static Map<String, String> environment(ProtocolVersion version) {
    return version.headerValue().map(value -> Map.of("GIT_PROTOCOL", value)).orElse(Map.of());
  }

  private static void watch(Watch watch, Bytes answer) {
    ByteBuffer bytes = answer.buffer();
    for (int at = 0; at < answer.size(); at += 3) {
      watch.passed(bytes.slice(at, Math.min(3, answer.size() - at)));
    }
    watch.ended();
  }

  private Bytes git(Map<String, String> environment, String input, String... words)
      throws IOException, InterruptedException {
    ProcessBuilder git = new ProcessBuilder("git");
    git.command().addAll(List.of(words));
    git.directory(folder.toFile()).redirectError(folder.resolve("errors").toFile());
    Path in = Files.write(folder.resolve("input"), WireText.bytes(input));
    git.redirectInput(in.toFile());
    git.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    git.environment().putAll(environment);
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      git.environment().put("GIT_" + who + "_NAME", "Somebody");
      git.environment().put("GIT_" + who + "_EMAIL", "somebody@example.org");
    }
    git.environment().putAll(Map.of("HOME", folder.toString(), "GIT_CONFIG_NOSYSTEM", "1"));
    Process process = git.start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return Bytes.copyOf(output);
  }
}
