package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real git through the front to a node that runs `git http-backend`.
final class GitThroughFrontTest {
  @TempDir private Path folder;
  private Git git;
  private GitNode node;
  private TestProxy proxy;

  @BeforeEach
  void started() throws Exception {
    git = new Git(folder);
    git.repository(folder.resolve("repos/acme/app.git"), 3);
    node = new GitNode(folder.resolve("repos"));
    proxy = TestProxy.before(node.uri());
  }

  @AfterEach
  void stopped() {
    proxy.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2"})
  void clone_fetch_and_push_work_in_every_version(String version) throws Exception {
    Path clone = folder.resolve("clone");
    git.run(folder, "-c", "protocol.version=" + version, "clone", "-q", url(), "clone").well();
    git.commit(clone, "new", "new\n");
    git.run(clone, "-c", "protocol.version=" + version, "push", "-q", "origin", "main").well();
    git.run(folder, "clone", "-q", url(), "again").well();
    assertThat(Files.readString(folder.resolve("again/new"))).isEqualTo("new\n");
    assertThat(proxy.outcomes).allSatisfy(outcome -> assertThat(outcome.refusal()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "100000000"})
  void a_push_of_megabytes_arrives_chunked_or_with_its_length(String buffer) throws Exception {
    Path clone = folder.resolve("clone");
    git.run(folder, "clone", "-q", url(), "clone").well();
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    Files.write(clone.resolve("large"), large);
    git.commit(clone, "small", "small\n");
    git.run(clone, "-c", "http.postBuffer=" + buffer, "push", "-q", "origin", "main").well();
    git.run(folder, "clone", "-q", url(), "again").well();
    assertThat(Files.readAllBytes(folder.resolve("again/large"))).isEqualTo(large);
  }

  @Test
  void a_node_without_the_repository_says_so_itself() throws Exception {
    Git.Ran ran = git.run(folder, "ls-remote", url().replace("app", "nope"));
    assertThat(ran.status()).isNotZero();
    assertThat(ran.said()).contains("not found");
  }

  private String url() {
    return "http://127.0.0.1:" + proxy.port() + "/acme/app.git";
  }
}
