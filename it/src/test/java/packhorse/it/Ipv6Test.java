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
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.node.RecordedRequest;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.ProxyFixture;

/// Clients that connect over IPv6.
@ExtendWith(LeakDetector.class)
final class Ipv6Test {
  @Test
  void git_clones_and_pushes_over_ipv6_with_http_and_ssh(@TempDir Path folder) {
    Assumptions.assumeTrue(isIpv6Available(), "this machine has no ::1");
    try (ProxyFixture fixture = ProxyFixture.start(folder, 1, Ipv6Test::listenOnIpv6)) {
      Repository app = fixture.repositories().sample("acme/app");
      String http = "http://[::1]:" + fixture.proxy().port("http") + "/acme/app.git";
      String ssh = "ssh://git@[::1]:" + fixture.proxy().port("ssh") + "/acme/app.git";
      for (String url : new String[] {http, ssh}) {
        String scheme = url.substring(0, url.indexOf(':'));
        GitRunner git = fixture.git(scheme);
        git.run("clone", "-q", url, "work").expectSuccess();
        String id = git.at("work").commit(scheme, "text");
        String ref = "refs/heads/" + scheme;
        git.at("work").run("push", "origin", "HEAD:" + ref).expectSuccess();
        assertThat(app.id(ref)).isEqualTo(id);
      }
      assertThat(fixture.awaitAuditRecords(2, "\"operation\":\"write\"", "\"refs\""))
          .hasSize(2)
          .allMatch(line -> line.contains("\"from\":\"::1\"") || line.contains("0:0:0:0:0:0:0:1"));
      assertThat(fixture.requests(RecordedRequest::isReceivePackPost))
          .allSatisfy(request -> assertThat(request.header("X-Real-IP").getFirst()).contains(":1"));
    }
  }

  private static ProxyConfig listenOnIpv6(ProxyConfig config) {
    int port = config.httpPort();
    return config
        .section("public-url", "\"http://[::1]:" + port + "\"")
        .listeners(
            "  http: { address: \"[::1]:"
                + port
                + "\" }\n  ssh: { address: \"[::1]:0\", host-keys: host-keys/ }\n");
  }

  private static boolean isIpv6Available() {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (var socket = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
