package packhorse.it.corners;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.it.kit.SshTalk.pkt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import packhorse.it.kit.Leaks;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.Repository;
import packhorse.it.kit.SshTalk;
import packhorse.it.kit.Stage;
import packhorse.it.kit.Started;
import packhorse.it.kit.Transport;

/// Corner 16: clients that take small frames, or none.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Leaks.class)
final class OldClientsTest {
  private final Stage stage;
  private final Repository app;

  OldClientsTest(@TempDir Path folder) {
    stage = Stage.of(folder, 1);
    app = stage.repositories().large("acme/app", 1);
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void small_frames_stay_small(Transport transport) throws IOException {
    String answer = asked(transport, "side-band");
    int at = answer.indexOf("0008NAK\n") + 8;
    int frames = 0;
    for (; !answer.startsWith("0000", at); frames++) {
      int length = Integer.parseInt(answer.substring(at, at + 4), 16);
      assertThat(length).isBetween(5, 1000);
      at += length;
    }
    assertThat(at).isEqualTo(answer.length() - 4);
    assertThat(frames).isGreaterThan(1000);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP1", "SSH"})
  void a_pack_without_frames_goes_to_the_end(Transport transport) throws IOException {
    String answer = asked(transport, "ofs-delta");
    String pack = answer.substring(answer.indexOf("0008NAK\n") + 8);
    assertThat(pack).startsWith("PACK\0\0\0\2");
    assertThat(pack.length()).isGreaterThan(1 << 20);
    // the trailer is the last that comes
    byte[] bytes = pack.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(java.util.Arrays.copyOfRange(bytes, bytes.length - 20, bytes.length))
        .isEqualTo(sha1(bytes, bytes.length - 20));
  }

  private String asked(Transport transport, String capability) throws IOException {
    String words = pkt("want " + app.id("main") + " " + capability + "\n") + "0000" + pkt("done\n");
    return transport == Transport.SSH ? overSsh(words) : overHttp(words);
  }

  private String overSsh(String words) throws IOException {
    try (Started ssh = SshTalk.exec(stage.way(), stage.folder(), "git-upload-pack 'acme/app'")) {
      ssh.stdin().write(words.getBytes(StandardCharsets.US_ASCII));
      ssh.stdin().flush();
      return ssh.finish().expectSuccess().stdout();
    }
  }

  private String overHttp(String words) {
    int port = stage.proxy().port("http");
    try (var client = RawClient.connect(port)) {
      client.send(
          "POST /acme/app.git/git-upload-pack HTTP/1.1\r\nHost: 127.0.0.1:"
              + port
              + "\r\nContent-Type: application/x-git-upload-pack-request\r\nContent-Length: "
              + words.length()
              + "\r\n\r\n"
              + words);
      return client.answer().orElseThrow().text();
    }
  }

  private static byte[] sha1(byte[] bytes, int length) {
    try {
      var digest = java.security.MessageDigest.getInstance("SHA-1");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
