package packhorse.it.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Stage;

/// Repositories with unusual names, and one repository with several spellings.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class NamesTest {
  private static final String POLICY =
      "[ { deny: [ read ], repositories: [ \"secret plan\", \"no+entry\" ], because: \"by its"
          + " name\" }, { allow: [ all ] } ]";

  private final Stage stage;

  NamesTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1, text -> text.section("policy", POLICY));
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"g++", "+source/q", "~al/x", "with space", ".github"})
  void an_unusual_name_is_the_same_over_http_and_ssh(String name) {
    stage.repositories().sample(name);
    String coded = name.replace(" ", "%20");
    GitRunner git = stage.git("names");
    List<String> direct = git.git("ls-remote", stage.node(0).url(coded)).lines();
    assertThat(git.git("ls-remote", stage.proxy().http(coded)).lines()).isEqualTo(direct);
    assertThat(git.git("ls-remote", stage.proxy().http(coded.replace("+", "%2B"))).lines())
        .isEqualTo(direct);
    assertThat(git.git("ls-remote", stage.proxy().ssh(name)).lines()).isEqualTo(direct);
    assertThat(stage.audit(3, "\"repository\":\"" + name + "\"")).hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret%20plan", "no%2Bentry", "no+entry"})
  void a_rule_is_about_the_decoded_name(String coded) {
    stage.repositories().sample("secret plan");
    stage.repositories().sample("no+entry");
    GitRunner git = stage.git("rules");
    String denied = "by its name (decision ";
    String ssh = stage.proxy().ssh(coded.replace("%20", " ").replace("%2B", "+"));
    assertThat(git.git("ls-remote", ssh).expectFailure().stderr()).contains(denied);
    assertThat(git.git("ls-remote", named(coded)).expectFailure().stderr()).contains(denied);
    // a plus is never a space
    assertThat(git.git("ls-remote", named("secret+plan")).expectFailure().stderr())
        .contains("not found");
  }

  /// With a name, so that nobody is asked for one.
  private String named(String coded) {
    return stage.proxy().http(coded).replace("http://", "http://al:straw@");
  }

  @Test
  void a_slash_at_the_end_is_the_same_repository() {
    stage.repositories().sample("acme/app");
    GitRunner git = stage.git("slashes");
    String ssh = stage.proxy().ssh("").replace("/.git", "/");
    String expected = git.git("ls-remote", ssh + "acme/app").output();
    for (String url : List.of("acme/app/", "acme/app.git/", "acme/app.git")) {
      assertThat(git.git("ls-remote", ssh + url).output()).isEqualTo(expected);
    }
    assertThat(
            git.set("url." + ssh + ".insteadOf", "https://code.test/")
                .git("ls-remote", "https://code.test/acme/app/")
                .output())
        .isEqualTo(expected);
    assertThat(git.git("ls-remote", "git@127.0.0.1:acme/app/").output()).isEqualTo(expected);
    assertThat(stage.audit(6, "\"repository\":\"acme/app\"")).hasSizeGreaterThanOrEqualTo(6);
  }
}
