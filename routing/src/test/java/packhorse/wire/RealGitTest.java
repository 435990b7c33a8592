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
import packhorse.wire.fetch.Acknowledgment;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchResponseObserver;
import packhorse.wire.fetch.UploadHaves;
import packhorse.wire.fetch.UploadRequest;
import packhorse.wire.fetch.UploadRequestWriter;
import packhorse.wire.fetch.V0ResponseHead;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.fetch.V2CommandWriter;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReader;
import packhorse.wire.push.PushReport;
import packhorse.wire.push.PushReportObserver;
import packhorse.wire.refs.Advertisement;
import packhorse.wire.refs.AdvertisementReader;
import packhorse.wire.refs.LsRefsResponse;
import packhorse.wire.refs.Ref;
import packhorse.wire.refs.TipCollector;

/// The codec against the git program: it reads git's advertisements and responses, and git
/// understands the requests that it writes.
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
  void advertisements_of_every_version_are_read(ProtocolVersion version)
      throws IOException, InterruptedException {
    Advertisement advertisement = advertisement(version, "upload-pack", ".");
    assertThat(advertisement.version()).isEqualTo(version);
    assertThat(advertisement.format()).isEqualTo(ObjectFormat.SHA1);
    assertThat(advertisement.capabilities().value("agent").orElseThrow()).startsWith("git/");
    if (version != ProtocolVersion.V2) {
      assertThat(advertisement.refs())
          .extracting(Ref::name)
          .containsExactly("HEAD", "refs/heads/main", "refs/tags/v1");
      assertThat(advertisement.ref("HEAD").orElseThrow().symrefTarget())
          .contains("refs/heads/main");
      assertThat(advertisement.ref("refs/tags/v1").orElseThrow().peeled()).contains(tip());
    }
  }

  @Test
  void advertisements_of_empty_and_shallow_repositories_are_read()
      throws IOException, InterruptedException {
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
  void git_answers_an_ls_refs_command_of_the_writer() throws IOException, InterruptedException {
    ByteString command =
        V2CommandWriter.lsRefs(
            ObjectFormat.SHA1, ClientAgent.UNKNOWN, List.of("HEAD", "refs/tags/"), true);
    ByteString response = uploadPack(ProtocolVersion.V2, command);
    List<Ref> refs =
        LsRefsResponse.read(new PktReader(response.newInputStream(), 10_000), ObjectFormat.SHA1);
    assertThat(refs).extracting(Ref::name).containsExactly("HEAD", "refs/tags/v1");
    TipCollector tips = new TipCollector(10);
    observe(tips, response);
    assertThat(tips.tips().orElseThrow().contains("refs/tags/v1", refs.getLast().id())).isTrue();
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
  void git_answers_a_v2_fetch_of_the_writer_and_the_response_is_observed(String arguments)
      throws IOException, InterruptedException {
    String want = "want " + (arguments.contains("not") ? commitAfterTag() : tip());
    String script =
        "command=fetch\n0001\nofs-delta\n"
            + want
            + "\n"
            + arguments.replace("TIP", tip().hex())
            + "\n0000";
    Fetch fetch =
        ((V2Command.FetchCommand) V2CommandReader.read(WireScript.reader(script)).orElseThrow())
            .fetch();
    FetchResponseObserver observer = new FetchResponseObserver(fetch);
    observe(observer, uploadPack(ProtocolVersion.V2, V2CommandWriter.fetch(fetch)));
    assertThat(observer.errorText()).isEmpty();
    assertThat(observer.complete()).isTrue();
    assertThat(observer.hasShallowSection()).isEqualTo(fetch.deepen().isRequested());
    assertThat(observer.packStarted()).isEqualTo(fetch.done() || observer.ready());
    assertThat(observer.acknowledgedIds()).hasSize(arguments.contains("TIP") ? 1 : 0);
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
  void git_answers_v0_requests_of_the_writer_and_the_response_is_observed(String capabilities)
      throws IOException, InterruptedException {
    UploadRequest request =
        UploadRequest.read(WireScript.reader("want " + tip() + capabilities + "\ndeepen 2\n0000"))
            .orElseThrow();
    V0ResponseHead shallowOnly =
        V0ResponseHead.read(
            new PktReader(
                uploadPack(ProtocolVersion.V0, UploadRequestWriter.withoutHaves(request))
                    .newInputStream(),
                10_000),
            true);
    assertThat(shallowOnly.shallowUpdate().shallow()).hasSize(1);
    assertThat(shallowOnly.hasPack()).isFalse();
    UploadHaves first = new UploadHaves(List.of(WireScript.id('a')), UploadHaves.End.FLUSH);
    V0ResponseHead firstHead =
        V0ResponseHead.read(
            new PktReader(
                uploadPack(
                        ProtocolVersion.V0, UploadRequestWriter.compose(request, List.of(), first))
                    .newInputStream(),
                10_000),
            true);
    assertThat(firstHead.nak()).isTrue();
    UploadHaves last = new UploadHaves(List.of(tip()), UploadHaves.End.DONE);
    ByteString response =
        uploadPack(ProtocolVersion.V0, UploadRequestWriter.compose(request, List.of(), last));
    V0ResponseHead head =
        V0ResponseHead.read(new PktReader(response.newInputStream(), 100_000), true);
    assertThat(head.hasPack()).isTrue();
    assertThat(head.acknowledgments())
        .last()
        .isEqualTo(new Acknowledgment(tip(), Acknowledgment.AckStatus.PLAIN));
    FetchResponseObserver observer = new FetchResponseObserver(request.toFetch(last.haves(), true));
    observe(observer, response);
    assertThat(observer.complete()).isTrue();
    assertThat(observer.acknowledgedIds()).containsExactly(tip());
    assertThat(observer.packBytes()).isGreaterThanOrEqualTo(32);
  }

  @Test
  void the_error_for_a_missing_object_is_recognized_in_both_versions()
      throws IOException, InterruptedException {
    UploadRequest request = UploadRequest.read(WireScript.reader("want {a}\n0000")).orElseThrow();
    UploadHaves done = new UploadHaves(List.of(), UploadHaves.End.DONE);
    ByteString v0 =
        uploadPack(ProtocolVersion.V0, UploadRequestWriter.compose(request, List.of(), done));
    assertThat(
            V0ResponseHead.read(new PktReader(v0.newInputStream(), 1_000), false)
                .errorText()
                .map(ErrorPkts::isNotOurRef))
        .contains(true);
    for (String framed : List.of("", "sideband-all\n")) {
      String script = "command=fetch\n0001\n" + framed + "want {a}\ndone\n0000";
      V2Command command = V2CommandReader.read(WireScript.reader(script)).orElseThrow();
      ByteString response = uploadPack(ProtocolVersion.V2, command.raw());
      Pkt first = new PktReader(response.newInputStream(), 1_000).read();
      assertThat(ErrorPkts.errorText(first).map(ErrorPkts::isNotOurRef)).contains(true);
      FetchResponseObserver observer =
          new FetchResponseObserver(((V2Command.FetchCommand) command).fetch());
      observe(observer, response);
      assertThat(observer.errorText().map(ErrorPkts::isNotOurRef)).contains(true);
      assertThat(observer.packBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"report-status", "report-status-v2 side-band-64k", "side-band-64k"})
  void the_report_on_a_push_is_read(String capabilities) throws IOException, InterruptedException {
    String head =
        "{0} " + tip() + " refs/heads/new\\0 " + capabilities + "\n{0} {a} refs/heads/no\n0000";
    Push push = PushReader.read(WireScript.stream(head)).orElseThrow();
    byte[] pack =
        PackEndDetectorTest.pack(ObjectFormat.SHA1, WireText.bytes("PACK\0\0\0\2\0\0\0\0"));
    PushReportObserver observer = new PushReportObserver(push, () -> {});
    observe(
        observer,
        git(
            Map.of(),
            push.raw().text() + WireText.text(pack),
            "receive-pack",
            "--stateless-rpc",
            "."));
    assertThat(observer.report().isPresent()).isEqualTo(push.wantsReport());
    if (push.wantsReport()) {
      assertThat(observer.complete()).isTrue();
      PushReport report = observer.report().orElseThrow();
      assertThat(report.unpackStatus()).isEqualTo("ok");
      assertThat(report.refStatuses())
          .extracting(status -> status.errorMessage().isEmpty())
          .containsExactly(true, false);
    }
  }

  private ObjectId tip() throws IOException, InterruptedException {
    return new ObjectId(git(Map.of(), "", "rev-parse", "main").text().strip());
  }

  private ObjectId commitAfterTag() throws IOException, InterruptedException {
    git(Map.of(), "", "commit", "-q", "--allow-empty", "-m", "after the tag");
    return tip();
  }

  private Advertisement advertisement(ProtocolVersion version, String service, String repository)
      throws IOException, InterruptedException {
    ByteString bytes =
        git(
            environment(version),
            "",
            service,
            "--stateless-rpc",
            "--http-backend-info-refs",
            repository);
    return AdvertisementReader.read(bytes.newInputStream());
  }

  private ByteString uploadPack(ProtocolVersion version, ByteString body)
      throws IOException, InterruptedException {
    return git(environment(version), body.text(), "upload-pack", "--stateless-rpc", ".");
  }

  private static Map<String, String> environment(ProtocolVersion version) {
    return version.headerValue().map(value -> Map.of("GIT_PROTOCOL", value)).orElse(Map.of());
  }

  private static void observe(ResponseObserver observer, ByteString response) {
    ByteBuffer bytes = response.asReadOnlyBuffer();
    for (int at = 0; at < response.size(); at += 3) {
      observer.onBytes(bytes.slice(at, Math.min(3, response.size() - at)));
    }
    observer.onEnd();
  }

  private ByteString git(Map<String, String> environment, String input, String... arguments)
      throws IOException, InterruptedException {
    return new GitProgram(folder).run(environment, input, arguments);
  }
}
