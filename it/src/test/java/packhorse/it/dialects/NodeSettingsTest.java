package packhorse.it.dialects;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.nio.file.Path;
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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.junit.TestProfile;
import packhorse.it.kit.process.CommandResult;

/// A v0 node's settings apply to v2 clients as well: hidden refs, and which objects may be fetched
/// by id.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class NodeSettingsTest {
  private final TranslatingFixture fixture;

  NodeSettingsTest(@TempDir Path folder) {
    fixture = new TranslatingFixture(folder, UnaryOperator.identity());
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer.hideRefs=refs/heads/topic",
        "uploadpack.hideRefs=refs/heads/topic",
        "uploadpack.hideRefs=refs/tags"
      })
  void hidden_refs_of_the_node_stay_hidden(String setting) {
    Repository app = fixture.repositories().sample("hidden/" + fileName(setting), setting);
    app.git().run("config", "--add", "uploadpack.hideRefs", "!refs/heads/develop").expectSuccess();
    GitRunner git = fixture.git("hidden");
    CommandResult direct =
        git.protocol(0).run("ls-remote", "--symref", fixture.node().url(app.name()));
    for (boolean ssh : new boolean[] {false, true}) {
      CommandResult viaProxy = git.run("ls-remote", "--symref", fixture.proxyUrl(ssh, app.name()));
      assertThat(viaProxy.output()).isEqualTo(direct.output());
      String tip = app.id("refs/heads/topic");
      if (setting.endsWith("topic")) assertThat(viaProxy.output()).doesNotContain(tip);
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
  void a_want_by_object_id_is_served_or_refused_as_the_node_does(String setting) {
    String name = "wants/" + fileName(setting);
    Repository app = fixture.repositories().sample(name, setting);
    app.config("uploadpack.hideRefs", "refs/heads/topic").config("gc.pruneExpire", "never");
    Map<String, String> ids = new LinkedHashMap<>();
    ids.put("a tip", app.id("main"));
    ids.put("below a tip", app.id("main~2"));
    ids.put("a hidden tip", app.id("topic"));
    ids.put("a tag", app.id("v1.0"));
    ids.put("a tree", app.id("main^{tree}"));
    ids.put("a file", app.id("main:README.md"));
    ids.put("a file of a hidden ref", app.id("topic:topic.txt"));
    app.updateRef("refs/heads/gone", "main");
    String unreferenced = app.commit("gone", "gone", "gone\n");
    app.git().run("update-ref", "-d", "refs/heads/gone").expectSuccess();
    ids.put("without a ref", unreferenced);
    ids.put("unknown", "1".repeat(40));
    ids.forEach((description, id) -> {
      boolean served = servedByNode(app.name(), id);
      for (boolean ssh : new boolean[] {false, true}) {
        if (!TestProfile.isThorough() && ssh == (id.charAt(0) % 2 == 0)) continue;
        GitRunner git = fixture.git(fileName(setting + " " + description + ssh));
        git.run("init", "-q", "--bare", "copy").expectSuccess();
        CommandResult result =
            git.at("copy").run("fetch", "-q", fixture.proxyUrl(ssh, app.name()), id + ":refs/x/y");
        assertThat(result.succeeded())
            .as("%s, %s: %s", setting, description, result)
            .isEqualTo(served);
        if (!served) assertThat(result.stderr()).contains("upload-pack: not our ref " + id);
      }
    });
  }

  private static String fileName(String text) {
    return text.replaceAll("[^A-Za-z0-9]", "-");
  }

  // Git does not send such a want in v0 unless the node advertises that it may, so this test sends
  // it itself.
  private boolean servedByNode(String name, String id) {
    int port = fixture.node().port();
    String body =
        pkt("want " + id + " multi_ack_detailed side-band-64k\n") + "0000" + pkt("done\n");
    try (var client = RawClient.connect(port)) {
      client.send(
          "POST /%s.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n".formatted(name)
              + "Content-Type: application/x-git-upload-pack-request\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return client.readResponse().orElseThrow().bodyText().contains("PACK");
    }
  }
}
