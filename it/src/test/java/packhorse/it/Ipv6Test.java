package packhorse.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import packhorse.it.kit.GitRunner;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SeenRequest;
import packhorse.it.kit.Stage;

/// Clients that come by IPv6, once.
@ExtendWith(Leaks.class)
final class Ipv6Test {
  @Test
  void clone_and_push_work_by_http_and_ssh_over_ipv6(@TempDir Path folder) {
    Assumptions.assumeTrue(ipv6(), "this machine has no ::1");
    try (Stage stage = Stage.of(folder, 1, Ipv6Test::onIpv6)) {
      Repository app = stage.repositories().sample("acme/app");
      String http = "http://[::1]:" + stage.proxy().port("http") + "/acme/app.git";
      String ssh = "ssh://git@[::1]:" + stage.proxy().port("ssh") + "/acme/app.git";
      for (String url : new String[] {http, ssh}) {
        GitRunner git = stage.git(url.substring(0, 4).replace(":", ""));
        git.git("clone", "-q", url, "work").expectSuccess();
        String id = git.at("work").commit(url.substring(0, 3), "text");
        String ref = "refs/heads/" + url.substring(0, 3);
        git.at("work").git("push", "origin", "HEAD:" + ref).expectSuccess();
        assertThat(app.id(ref)).isEqualTo(id);
      }
      assertThat(stage.audit(2, "\"operation\":\"write\"", "\"refs\""))
          .hasSize(2)
          .allMatch(line -> line.contains("\"from\":\"::1\"") || line.contains("0:0:0:0:0:0:0:1"));
      assertThat(stage.heard(SeenRequest::pushPost))
          .allSatisfy(one -> assertThat(one.header("X-Real-IP").getFirst()).contains(":1"));
    }
  }

  private static ProxyText onIpv6(ProxyText text) {
    int port = text.httpPort();
    return text.section("public-url", "\"http://[::1]:" + port + "\"")
        .listeners(
            "  http: { address: \"[::1]:"
                + port
                + "\" }\n  ssh: { address: \"[::1]:0\", host-keys: host-keys/ }\n");
  }

  private static boolean ipv6() {
    byte[] one = new byte[16];
    one[15] = 1;
    try (var socket = new ServerSocket(0, 1, InetAddress.getByAddress(one))) {
      return socket.isBound();
    } catch (IOException none) {
      return false;
    }
  }
}
