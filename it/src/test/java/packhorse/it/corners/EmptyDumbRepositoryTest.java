package packhorse.it.corners;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;

/// An empty repository behind a server of the dumb protocol: its file `info/refs` is empty.
@ExtendWith(LeakDetector.class)
final class EmptyDumbRepositoryTest {
  @Test
  void an_empty_repository_is_cloned_from_a_server_of_the_dumb_protocol(@TempDir Path folder) {
    try (var node =
            RecordingNode.start(
                RecordingNode.Script.forEachRequest(EmptyDumbRepositoryTest::respond));
        var proxy =
            RunningProxy.start(
                ProxyConfig.in(folder).node("one", node.url()).pool("dumb-http: true"))) {
      GitRunner git = GitRunner.in(folder.resolve("clones"));
      git.run("clone", "-q", proxy.httpUrl("acme/empty"), "empty").expectSuccess();
    }
  }

  private static void respond(RawMessage request, ServerConnection connection) throws IOException {
    String body = request.startLine().contains("/HEAD") ? "ref: refs/heads/main\n" : "";
    String response =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    connection.send(response.getBytes(StandardCharsets.ISO_8859_1));
  }
}
