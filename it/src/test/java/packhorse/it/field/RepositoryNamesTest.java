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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.proxy.ProxyFixture;

/// Repositories with unusual names, and one repository in several spellings.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class RepositoryNamesTest {
  private static final String POLICY =
      "[ { deny: [ read ], repositories: [ \"secret plan\", \"no+entry\" ], because: \"by its"
          + " name\" }, { allow: [ all ] } ]";

  private final ProxyFixture fixture;

  RepositoryNamesTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1, config -> config.section("policy", POLICY));
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g++",
        "+source/q",
        "~al/x",
        "with space",
        ".github",
        "R&D",
        "c#",
        "app(1)",
        "it's",
        "a!b",
        "x[1]",
        "x{1}",
        "a^b"
      })
  void an_unusual_name_is_the_same_over_http_and_ssh(String name) {
    fixture.repositories().sample(name);
    String encodedName = encode(name);
    GitRunner git = fixture.git("names");
    List<String> direct = git.run("ls-remote", fixture.node(0).url(encodedName)).lines();
    assertThat(git.run("ls-remote", fixture.proxy().httpUrl(encodedName)).lines())
        .isEqualTo(direct);
    assertThat(
            git.run("ls-remote", fixture.proxy().httpUrl(encodedName.replace("+", "%2B"))).lines())
        .isEqualTo(direct);
    assertThat(git.run("ls-remote", fixture.proxy().sshUrl(name)).lines()).isEqualTo(direct);
    assertThat(fixture.awaitAuditRecords(3, "\"repository\":\"" + name + "\""))
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "$cash, '$' is not allowed, '$' is not allowed",
        "a%3Bb, ';' is not allowed, ';' is not allowed",
        "a%25b, percent-encoding %25, '%' is not allowed",
        "a:b, ':' is not allowed, ':' is not allowed",
        "a*b, '*' is not allowed, '*' is not allowed"
      })
  void the_refusal_of_another_name_names_its_character(
      String encodedName, String http, String ssh) {
    GitRunner git = fixture.git("refused");
    fixture.clearRequests();
    String httpUrl = fixture.proxy().httpUrl("acme/" + encodedName);
    assertThat(git.run("ls-remote", httpUrl).expectExit(128).stderr())
        .contains("remote: ", http, "(decision ");
    // Git decodes this URL itself.
    String sshUrl = fixture.proxy().sshUrl("acme/" + encodedName);
    assertThat(git.run("ls-remote", sshUrl).expectExit(128).stderr()).contains(ssh, "(decision ");
    assertThat(fixture.requests(request -> true)).isEmpty();
  }

  /// Encodes what must be encoded in the path of a URL (RFC 3986, section 3.3), as a browser does.
  private static String encode(String name) {
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      encoded.append(
          " #[]{}^".indexOf(c) < 0 ? Character.toString(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret%20plan", "no%2Bentry", "no+entry"})
  void rules_match_the_decoded_name(String encodedName) {
    fixture.repositories().sample("secret plan");
    fixture.repositories().sample("no+entry");
    GitRunner git = fixture.git("rules");
    String denied = "by its name (decision ";
    String ssh = fixture.proxy().sshUrl(encodedName.replace("%20", " ").replace("%2B", "+"));
    assertThat(git.run("ls-remote", ssh).expectFailure().stderr()).contains(denied);
    assertThat(git.run("ls-remote", urlWithCredentials(encodedName)).expectFailure().stderr())
        .contains(denied);
    // A plus sign is never decoded as a space.
    assertThat(git.run("ls-remote", urlWithCredentials("secret+plan")).expectFailure().stderr())
        .contains("not found");
  }

  /// Returns a URL with credentials, so that git does not ask for them.
  private String urlWithCredentials(String encodedName) {
    return fixture.proxy().httpUrl(encodedName).replace("http://", "http://al:straw@");
  }

  @Test
  void a_trailing_slash_names_the_same_repository() {
    fixture.repositories().sample("acme/app");
    GitRunner git = fixture.git("slashes");
    String ssh = fixture.proxy().sshUrl("").replace("/.git", "/");
    String expected = git.run("ls-remote", ssh + "acme/app").output();
    for (String url : List.of("acme/app/", "acme/app.git/", "acme/app.git")) {
      assertThat(git.run("ls-remote", ssh + url).output()).isEqualTo(expected);
    }
    assertThat(
            git.config("url." + ssh + ".insteadOf", "https://code.test/")
                .run("ls-remote", "https://code.test/acme/app/")
                .output())
        .isEqualTo(expected);
    assertThat(git.run("ls-remote", "git@127.0.0.1:acme/app/").output()).isEqualTo(expected);
    assertThat(fixture.awaitAuditRecords(6, "\"repository\":\"acme/app\""))
        .hasSizeGreaterThanOrEqualTo(6);
  }
}
