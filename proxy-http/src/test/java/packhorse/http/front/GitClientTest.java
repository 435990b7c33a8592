package packhorse.http.front;

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
import packhorse.http.kit.Git;
import packhorse.http.kit.GitNode;
import packhorse.http.kit.TestProxy;

/// Runs git through the front against a node that runs `git http-backend`.
final class GitClientTest {
  @TempDir private Path folder;
  private Git git;
  private GitNode node;
  private TestProxy proxy;

  @BeforeEach
  void start() throws Exception {
    git = new Git(folder);
    git.repository(folder.resolve("repos/acme/app.git"), 3);
    node = new GitNode(folder.resolve("repos"));
    proxy = TestProxy.inFrontOf(node.uri());
  }

  @AfterEach
  void stop() {
    proxy.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2"})
  void clone_fetch_and_push_work_in_every_protocol_version(String version) throws Exception {
    Path clone = folder.resolve("clone");
    git.run(folder, "-c", "protocol.version=" + version, "clone", "-q", url(), "clone")
        .expectSuccess();
    git.commit(clone, "new", "new\n");
    git.run(clone, "-c", "protocol.version=" + version, "push", "-q", "origin", "main")
        .expectSuccess();
    git.run(folder, "clone", "-q", url(), "again").expectSuccess();
    assertThat(Files.readString(folder.resolve("again/new"))).isEqualTo("new\n");
    assertThat(proxy.outcomes).allSatisfy(outcome -> assertThat(outcome.refusal()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "100000000"})
  void a_push_of_megabytes_arrives_chunked_or_with_a_content_length(String buffer)
      throws Exception {
    Path clone = folder.resolve("clone");
    git.run(folder, "clone", "-q", url(), "clone").expectSuccess();
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    Files.write(clone.resolve("large"), large);
    git.commit(clone, "small", "small\n");
    git.run(clone, "-c", "http.postBuffer=" + buffer, "push", "-q", "origin", "main")
        .expectSuccess();
    git.run(folder, "clone", "-q", url(), "again").expectSuccess();
    assertThat(Files.readAllBytes(folder.resolve("again/large"))).isEqualTo(large);
  }

  @Test
  void the_client_gets_the_404_of_a_node_without_the_repository() throws Exception {
    Git.Result result = git.run(folder, "ls-remote", url().replace("app", "nope"));
    assertThat(result.status()).isNotZero();
    assertThat(result.output()).contains("not found");
  }

  private String url() {
    return "http://127.0.0.1:" + proxy.port() + "/acme/app.git";
  }
}
