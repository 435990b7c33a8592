package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A packet inserted into the key exchange closes the connection: threat S4 of `docs/threats.md`
/// (CVE-2023-48795).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StrictKeyExchangeTest {
  private static final int KEXINIT = 20;
  private static final int IGNORE = 2;

  private MonitoredProxy proxy;

  @BeforeAll
  void start(@TempDir Path folder) {
    proxy = new MonitoredProxy(folder);
  }

  @AfterAll
  void stop() {
    proxy.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 21, 50, 52, 80, 90})
  void an_extra_packet_before_or_during_the_key_exchange_closes_the_connection(int inserted)
      throws IOException {
    assertThat(closesAfter(inserted, KEXINIT)).as("before the first KEXINIT").isTrue();
    assertThat(closesAfter(KEXINIT, inserted)).as("after the first KEXINIT").isTrue();
    assertThat(closesAfter(KEXINIT, KEXINIT)).as("KEXINIT twice").isTrue();
    assertThat(closesAfter(IGNORE, IGNORE, KEXINIT)).as("two packets before KEXINIT").isTrue();
  }

  // Returns whether the proxy closes the connection before the login timeout.
  private boolean closesAfter(int... messages) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), proxy.runningProxy().port("ssh"))) {
      socket.setSoTimeout(10_000);
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      out.write("SSH-2.0-test\r\n".getBytes(StandardCharsets.US_ASCII));
      int c = in.read();
      while (c != '\n') c = in.read();
      byte[] serverKexInit = in.readNBytes(in.readInt());
      assertThat(new String(serverKexInit, StandardCharsets.ISO_8859_1))
          .contains("kex-strict-s-v00@openssh.com");
      for (int message : messages) out.write(packet(message));
      in.readAllBytes();
      return true;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static byte[] packet(int message) throws IOException {
    var payload = new ByteArrayOutputStream();
    var out = new DataOutputStream(payload);
    out.writeByte(message);
    if (message == KEXINIT) {
      out.write(new byte[16]);
      String keyExchange = "curve25519-sha256,ext-info-c,kex-strict-c-v00@openssh.com";
      String mac = "hmac-sha2-256";
      String cipher = "aes128-ctr";
      for (String list :
          List.of(keyExchange, "ssh-ed25519", cipher, cipher, mac, mac, "none", "none", "", "")) {
        out.writeInt(list.length());
        out.writeBytes(list);
      }
      out.writeByte(0);
    }
    out.writeInt(0);
    int padding = 8 - (payload.size() + 5) % 8 + 8;
    var packet = new ByteArrayOutputStream();
    var framed = new DataOutputStream(packet);
    framed.writeInt(payload.size() + 1 + padding);
    framed.writeByte(padding);
    framed.write(payload.toByteArray());
    framed.write(new byte[padding]);
    return packet.toByteArray();
  }
}
