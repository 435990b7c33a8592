package packhorse.it.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;
import packhorse.it.kit.process.Command;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyProcess;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.memory.MemoryPlan;

/// Password hashes of other programs, whose checks take more memory than those of `packhorse hash`.
@ExtendWith(LeakDetector.class)
final class PasswordHashMemoryTest {
  private static final int USAGE = 2;

  /// A hash of the word "password"; a check takes 64 MiB.
  private static final String LARGE =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

  private static final String SMALL =
      "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

  private final Path folder;
  private final Path hashFile;
  private final PlainNode node;
  private final ProxyConfig config;

  PasswordHashMemoryTest(@TempDir Path folder) {
    this.folder = folder;
    hashFile = folder.resolve("password.hash");
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("node"));
    repositories.sample("acme/app");
    node = PlainNode.start(NodeOptions.of(repositories.root()));
    config =
        ProxyConfig.in(folder)
            .node("one", node.url())
            .pool("authentication: proxy")
            .user("alice", "password: { file: password.hash }")
            .section(
                "policy", "[ { allow: [ all ], groups: [ \"user:alice\" ] }, { deny: [ all ] } ]");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void check_and_serve_refuse_a_hash_that_takes_more_than_their_heap_allows() throws IOException {
    Files.writeString(hashFile, LARGE);
    String file = config.write().toString();
    for (String command : new String[] {"check", "serve"}) {
      assertThat(packhorse(command, file, "-Xmx96m").run().expectExit(USAGE).stderr())
          .contains(
              "users.alice.password: file "
                  + hashFile
                  + " is a password hash whose check takes 64 MiB, but a heap of 92 MiB allows 19"
                  + " MiB: give serve a larger heap (-Xmx), or use a hash that packhorse hash"
                  + " prints\n");
    }
    packhorse("check", file, "-Xmx1g").run().expectSuccess();
  }

  private Command packhorse(String command, String file, String heap) {
    return ProxyProcess.packhorse(folder, command, file).env("JAVA_TOOL_OPTIONS", heap);
  }

  @Test
  void a_hash_file_that_is_replaced_by_such_a_hash_matches_no_password() throws IOException {
    Files.writeString(hashFile, SMALL);
    try (RunningProxy proxy = RunningProxy.start(config, new MemoryPlan(92L << 20, 92L << 20))) {
      Files.writeString(hashFile, LARGE);
      assertThat(status(proxy)).isEqualTo("401");
    }
    try (RunningProxy proxy = RunningProxy.start(config, new MemoryPlan(1L << 30, 1L << 30))) {
      assertThat(status(proxy)).isEqualTo("200");
    }
  }

  /// The answer to a request with the word "password".
  private String status(RunningProxy proxy) {
    String url = proxy.httpUrl("acme/app").replace("http://", "http://alice:password@");
    return GitRunner.in(folder.resolve("client"))
        .program(
            "curl",
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            url + "/info/refs?service=git-upload-pack")
        .run()
        .output();
  }
}
