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
import packhorse.it.kit.Fault;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ran;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Transport;

/// A page where git's answer is due: not a byte of it reaches git.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class PagesTest {
  private static final String PAGE = "<html><body>log in</body></html>";

  private final Stage stage;

  PagesTest(@TempDir Path folder) {
    // so many failures would take the node down
    stage = Stage.of(folder, 1, text -> text.pool("probe: { down-after: 1000 }"));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,2", "SSH,0", "SSH,2"})
  void in_place_of_a_pack_it_is_one_sentence(Transport transport, int version) {
    Repository app = stage.repositories().sample("pack/" + transport + version);
    GitRunner git =
        stage.equip(transport, stage.git("pack-" + transport + version)).protocol(version);
    stage.node(0).fail(1, SeenRequest::fetchPost, Fault.Says.page(200, PAGE));
    Ran ran = git.git("clone", stage.url(transport, app.name()), "work").expectFailure();
    said(ran, "answered with a page");
    git.git("clone", stage.url(transport, app.name()), "again").expectSuccess();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void in_place_of_a_report_it_is_one_sentence(Transport transport) {
    Repository app = stage.repositories().sample("report/" + transport);
    GitRunner work = stage.cloned(transport, app.name(), "report-" + transport);
    work.commit("new", "text");
    stage.node(0).fail(1, SeenRequest::pushPost, Fault.Says.page(200, PAGE));
    said(work.git("push", "origin", "HEAD:refs/heads/x").expectFailure(), "answered with a page");
  }

  @ParameterizedTest
  @CsvSource({"HTTP1,0", "HTTP1,20", "SSH,0", "SSH,20"})
  void in_the_midst_of_a_report_it_ends_the_answer(Transport transport, int after) {
    Repository app = stage.repositories().sample("midst/" + transport + after);
    GitRunner work = stage.cloned(transport, app.name(), "midst-" + transport + after);
    work.commit("new", "text");
    stage.node(0).fail(1, SeenRequest::pushPost, new Fault.Turns(after, PAGE));
    Ran ran = work.git("push", "origin", "HEAD:refs/heads/x").expectFailure();
    assertThat(ran.stderr()).doesNotContain("html").doesNotContain("log in");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void under_the_type_of_git_it_is_still_a_page(Transport transport) {
    Repository app = stage.repositories().sample("type/" + transport);
    GitRunner git = stage.equip(transport, stage.git("type-" + transport));
    var type = List.of(Map.entry("Content-Type", "application/x-git-upload-pack-advertisement"));
    stage.node(0).fail(1, SeenRequest::advertisement, new Fault.Says(200, type, PAGE));
    Ran ran = git.git("ls-remote", stage.url(transport, app.name())).expectFailure();
    if (transport == Transport.SSH) said(ran, "(decision ");
  }

  private static void said(Ran ran, String words) {
    assertThat(ran.stderr())
        .contains("node-0", words)
        .containsPattern("\\(decision [0-9a-z]{12}\\)")
        .doesNotContain("html")
        .doesNotContain("log in");
  }
}
