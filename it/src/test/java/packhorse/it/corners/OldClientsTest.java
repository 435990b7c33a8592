package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.git.PktLine.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.git.GitTransport;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.junit.LeakDetector;
import packhorse.it.kit.process.RunningCommand;
import packhorse.it.kit.proxy.ProxyFixture;

/// Clients with small side-band packets, or without side-band: corner 16 of `docs/corners.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(LeakDetector.class)
final class OldClientsTest {
  private final ProxyFixture fixture;
  private final Repository app;

  OldClientsTest(@TempDir Path folder) {
    fixture = ProxyFixture.start(folder, 1);
    app = fixture.repositories().large("acme/app", 1);
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void side_band_packets_have_at_most_1000_bytes(GitTransport transport) throws IOException {
    String response = fetch(transport, "side-band");
    int offset = response.indexOf("0008NAK\n") + 8;
    int packets = 0;
    for (; !response.startsWith("0000", offset); packets++) {
      int length = Integer.parseInt(response.substring(offset, offset + 4), 16);
      assertThat(length).isBetween(5, 1000);
      offset += length;
    }
    assertThat(offset).isEqualTo(response.length() - 4);
    assertThat(packets).isGreaterThan(1000);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_pack_without_side_band_ends_with_its_trailer(GitTransport transport) throws IOException {
    String response = fetch(transport, "ofs-delta");
    String pack = response.substring(response.indexOf("0008NAK\n") + 8);
    assertThat(pack).startsWith("PACK\0\0\0\2");
    assertThat(pack.length()).isGreaterThan(1 << 20);
    // The pack ends with its trailer: the checksum of everything before it.
    byte[] bytes = pack.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Arrays.copyOfRange(bytes, bytes.length - 20, bytes.length))
        .isEqualTo(sha1(bytes, bytes.length - 20));
  }

  private String fetch(GitTransport transport, String capability) throws IOException {
    String body = pkt("want " + app.id("main") + " " + capability + "\n") + "0000" + pkt("done\n");
    return transport == GitTransport.SSH ? fetchOverSsh(body) : fetchOverHttp(body);
  }

  private String fetchOverSsh(String body) throws IOException {
    try (RunningCommand ssh =
        fixture.sshClient().exec(fixture.folder(), "git-upload-pack 'acme/app'")) {
      ssh.stdin().write(body.getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      return ssh.waitFor().expectSuccess().stdout();
    }
  }

  private String fetchOverHttp(String body) {
    int port = fixture.proxy().port("http");
    try (var client = RawClient.connect(port)) {
      client.send(
          "POST /acme/app.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\nContent-Type: application/x-git-upload-pack-request\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return client.readResponse().orElseThrow().bodyText();
    }
  }

  private static byte[] sha1(byte[] bytes, int length) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
