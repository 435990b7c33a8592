package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.Ran;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Sizes;

/// What a node of v0 hides or allows it hides from and allows clients of v2: hidden refs, and who
/// may want an object that no ref shows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class NodeSettingsTest {
  private final Offered offered;

  NodeSettingsTest(@TempDir java.nio.file.Path folder) {
    offered = new Offered(folder, UnaryOperator.identity());
  }

  @AfterAll
  void stop() {
    offered.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer.hideRefs=refs/heads/topic",
        "uploadpack.hideRefs=refs/heads/topic",
        "uploadpack.hideRefs=refs/tags"
      })
  void hidden_refs_are_hidden(String setting) {
    Repository app = offered.repositories().sample("hidden/" + word(setting), setting);
    app.git().git("config", "--add", "uploadpack.hideRefs", "!refs/heads/develop").expectSuccess();
    GitRunner git = offered.git("hidden");
    Ran direct = git.protocol(0).git("ls-remote", "--symref", offered.node().url(app.name()));
    for (boolean ssh : new boolean[] {false, true}) {
      Ran through = git.git("ls-remote", "--symref", offered.through(ssh, app.name()));
      assertThat(through.output()).isEqualTo(direct.output());
      String tip = app.id("refs/heads/topic");
      if (setting.endsWith("topic")) assertThat(through.output()).doesNotContain(tip);
    }
  }

  @Tag("counted")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "uploadpack.allowFilter=true",
        "uploadpack.allowTipSHA1InWant=true",
        "uploadpack.allowReachableSHA1InWant=true",
        "uploadpack.allowAnySHA1InWant=true"
      })
  void an_object_is_given_by_its_id_or_refused_as_by_the_node(String setting) {
    String name = "wants/" + word(setting);
    Repository app = offered.repositories().sample(name, setting);
    app.set("uploadpack.hideRefs", "refs/heads/topic").set("gc.pruneExpire", "never");
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("a tip", app.id("main"));
    ids.put("below a tip", app.id("main~2"));
    ids.put("a hidden tip", app.id("topic"));
    ids.put("a tag", app.id("v1.0"));
    ids.put("a tree", app.id("main^{tree}"));
    ids.put("a file", app.id("main:README.md"));
    ids.put("a file of no ref", app.id("topic:topic.txt"));
    app.point("refs/heads/gone", "main");
    String gone = app.commit("gone", "gone", "gone\n");
    app.git().git("update-ref", "-d", "refs/heads/gone").expectSuccess();
    ids.put("of no ref", gone);
    ids.put("nowhere", "1".repeat(40));
    ids.forEach((what, id) -> {
      boolean given = givenByTheNode(app.name(), id);
      for (boolean ssh : new boolean[] {false, true}) {
        if (!Sizes.thorough() && ssh == (id.charAt(0) % 2 == 0)) continue;
        GitRunner git = offered.git(word(setting + " " + what + ssh));
        git.git("init", "-q", "--bare", "copy").expectSuccess();
        Ran ran =
            git.at("copy").git("fetch", "-q", offered.through(ssh, app.name()), id + ":refs/x/y");
        assertThat(ran.succeeded()).as("%s, %s: %s", setting, what, ran).isEqualTo(given);
        if (!given) assertThat(ran.stderr()).contains("upload-pack: not our ref " + id);
      }
    });
  }

  private static String word(String text) {
    return text.replaceAll("[^A-Za-z0-9]", "-");
  }

  // git asks for no such thing in v0, unless the node says that it may
  private boolean givenByTheNode(String name, String id) {
    int port = offered.node().port();
    String words =
        pkt("want " + id + " multi_ack_detailed side-band-64k\n") + "0000" + pkt("done\n");
    try (var client = RawClient.connect(port)) {
      client.send(
          "POST /%s.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n".formatted(name)
              + "Content-Type: application/x-git-upload-pack-request\r\nContent-Length: "
              + words.length()
              + "\r\n\r\n"
              + words);
      return client.answer().orElseThrow().text().contains("PACK");
    }
  }
}
