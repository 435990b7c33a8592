package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.proxy.ProxyFixture;

/// Mirror pushes: with refs that the node hides or a policy rule denies, and with very many refs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class MirrorPushTest {
  private static final String POLICY =
      "[ { deny: [ write ], refs: [ \"refs/pull/**\" ], repositories: [ \"ruled/**\" ],"
          + " because: \"pull requests are made by the node\" }, { allow: [ all ] } ]";

  private final ProxyFixture fixture;

  MirrorPushTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1, config -> config.section("policy", POLICY));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void the_node_refuses_one_ref(GitTransport transport) {
    Repository app =
        fixture.repositories().sample("hidden/" + transport, "receive.hideRefs=refs/pull");
    String stderr = pushMirror(transport, app);
    assertThat(stderr)
        .contains("[new branch]", "deny updating a hidden ref")
        .doesNotContain("decision");
    assertThat(app.refs()).containsKey("refs/heads/new").doesNotContainKey("refs/pull/7/head");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void the_proxy_refuses_the_whole_push_and_names_the_rule_for_each_ref(GitTransport transport) {
    Repository app = fixture.repositories().sample("ruled/" + transport);
    String stderr = pushMirror(transport, app);
    assertThat(stderr.lines().filter(line -> line.contains("[remote rejected]")))
        .hasSize(2)
        .allMatch(line -> line.contains("pull requests are made by the node"));
    assertThat(app.refs()).doesNotContainKeys("refs/heads/new", "refs/pull/7/head");
  }

  @Tag("counted")
  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void thousands_of_refs_are_pushed_at_once(GitTransport transport) {
    int count = TestProfile.pick(1_000, transport == GitTransport.SSH ? 30_000 : 5_000);
    Repository source = fixture.repositories().manyRefs("source/" + transport, count);
    Repository mirror = fixture.repositories().empty("mirror/" + transport);
    fixture
        .configure(transport, source.git())
        .timeout(Duration.ofMinutes(2))
        .run("push", "-q", "--mirror", fixture.url(transport, mirror.name()))
        .expectSuccess();
    assertThat(mirror.refs()).hasSizeGreaterThan(count).isEqualTo(source.refs());
  }

  private String pushMirror(GitTransport transport, Repository app) {
    GitRunner git = fixture.configure(transport, fixture.git(app.name().replace('/', '-')));
    String url = fixture.url(transport, app.name());
    git.run("clone", "-q", "--mirror", url, "copy").expectSuccess();
    git.at("copy").run("update-ref", "refs/heads/new", "main~1").expectSuccess();
    git.at("copy").run("update-ref", "refs/pull/7/head", "main~2").expectSuccess();
    return git.at("copy").run("push", "--mirror", url).expectExit(1).stderr();
  }
}
