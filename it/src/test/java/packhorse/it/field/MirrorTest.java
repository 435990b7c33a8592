package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Transport;

/// A mirror that pushes refs which the node hides or a rule forbids.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class MirrorTest {
  private static final String POLICY =
      "[ { deny: [ write ], refs: [ \"refs/pull/**\" ], repositories: [ \"ruled/**\" ],"
          + " because: \"pull requests are made by the node\" }, { allow: [ all ] } ]";

  private final Stage stage;

  MirrorTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1, text -> text.section("policy", POLICY));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void the_nodes_refusal_is_of_one_ref(Transport transport) {
    Repository app =
        stage.repositories().sample("hidden/" + transport, "receive.hideRefs=refs/pull");
    String said = mirrored(transport, app);
    assertThat(said)
        .contains("[new branch]", "deny updating a hidden ref")
        .doesNotContain("decision");
    assertThat(app.refs()).containsKey("refs/heads/new").doesNotContainKey("refs/pull/7/head");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void the_proxys_refusal_is_of_the_whole_push_and_names_the_rule_at_each_ref(Transport transport) {
    Repository app = stage.repositories().sample("ruled/" + transport);
    String said = mirrored(transport, app);
    assertThat(said.lines().filter(line -> line.contains("[remote rejected]")))
        .hasSize(2)
        .allMatch(line -> line.contains("pull requests are made by the node"));
    assertThat(app.refs()).doesNotContainKeys("refs/heads/new", "refs/pull/7/head");
  }

  private String mirrored(Transport transport, Repository app) {
    GitRunner git = stage.equip(transport, stage.git(app.name().replace('/', '-')));
    String url = stage.url(transport, app.name());
    git.git("clone", "-q", "--mirror", url, "copy").expectSuccess();
    git.at("copy").git("update-ref", "refs/heads/new", "main~1").expectSuccess();
    git.at("copy").git("update-ref", "refs/pull/7/head", "main~2").expectSuccess();
    return git.at("copy").git("push", "--mirror", url).expectExit(1).stderr();
  }
}
