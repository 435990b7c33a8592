package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.Fault;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.process.CommandResult;
import packhorse.it.kit.proxy.ProxyFixture;

/// A web page instead of git's response: no byte of it reaches git.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class WebPageResponsesTest {
  private static final String PAGE = "<html><body>log in</body></html>";

  private final ProxyFixture fixture;

  WebPageResponsesTest(@TempDir Path folder) {
    // So many failures would otherwise mark the node as down.
    fixture = ProxyFixture.start(folder, 1, config -> config.pool("probe: { down-after: 1000 }"));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void a_page_instead_of_a_pack_is_reported_in_one_sentence(GitTransport transport, int version) {
    Repository app = fixture.repositories().sample("pack/" + transport + version);
    GitRunner git =
        fixture.configure(transport, fixture.git("pack-" + transport + version)).protocol(version);
    fixture
        .node(0)
        .fail(1, RecordedRequest::isUploadPackPost, Fault.FixedResponse.htmlPage(200, PAGE));
    CommandResult result =
        git.run("clone", fixture.url(transport, app.name()), "work").expectFailure();
    assertRefusal(result, "responded with a web page");
    git.run("clone", fixture.url(transport, app.name()), "again").expectSuccess();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_page_instead_of_a_push_report_is_reported_in_one_sentence(GitTransport transport) {
    Repository app = fixture.repositories().sample("report/" + transport);
    GitRunner clone = fixture.gitClone(transport, app.name(), "report-" + transport);
    clone.commit("new", "text");
    fixture
        .node(0)
        .fail(1, RecordedRequest::isReceivePackPost, Fault.FixedResponse.htmlPage(200, PAGE));
    assertRefusal(
        clone.run("push", "origin", "HEAD:refs/heads/x").expectFailure(),
        "responded with a web page");
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,20", "SSH,0", "SSH,20"})
  void a_page_within_a_push_report_ends_the_response(GitTransport transport, int after) {
    Repository app = fixture.repositories().sample("within/" + transport + after);
    GitRunner clone = fixture.gitClone(transport, app.name(), "within-" + transport + after);
    clone.commit("new", "text");
    fixture
        .node(0)
        .fail(1, RecordedRequest::isReceivePackPost, new Fault.ReplacedBody(after, PAGE));
    CommandResult result = clone.run("push", "origin", "HEAD:refs/heads/x").expectFailure();
    assertThat(result.stderr()).doesNotContain("html").doesNotContain("log in");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_page_with_the_content_type_of_git_is_recognized(GitTransport transport) {
    Repository app = fixture.repositories().sample("type/" + transport);
    GitRunner git = fixture.configure(transport, fixture.git("type-" + transport));
    var type = List.of(Map.entry("Content-Type", "application/x-git-upload-pack-advertisement"));
    fixture
        .node(0)
        .fail(1, RecordedRequest::isAdvertisement, new Fault.FixedResponse(200, type, PAGE));
    CommandResult result = git.run("ls-remote", fixture.url(transport, app.name())).expectFailure();
    if (transport == GitTransport.SSH) assertRefusal(result, "(decision ");
  }

  private static void assertRefusal(CommandResult result, String message) {
    assertThat(result.stderr())
        .contains("node-0", message)
        .containsPattern("\\(decision [0-9a-z]{12}\\)")
        .doesNotContain("html")
        .doesNotContain("log in");
  }
}
