package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.apache.sshd.server.channel.ChannelSession;
import org.junit.jupiter.api.Test;
import packhorse.node.ClientGoneException;

final class ReceiveBufferTest {
  private final ReceiveBuffer received = new ReceiveBuffer(Duration.ofSeconds(10));
  private final ChannelSession channel = new ChannelSession();

  @Test
  void data_without_a_byte_is_ignored_wherever_it_comes() throws ClientGoneException {
    receive(new byte[0]);
    assertThat(received.available()).isZero();
    receive(new byte[] {1, 2});
    receive(new byte[0]);
    byte[] read = new byte[8];
    assertThat(received.read(read, 0, 8)).isEqualTo(2);
    assertThat(read).startsWith(1, 2);
    receive(new byte[0]);
    received.markEof();
    receive(new byte[0]);
    assertThat(received.read(read, 0, 8)).isEqualTo(-1);
  }

  @Test
  void bytes_are_read_as_they_were_sent_however_both_are_divided() throws ClientGoneException {
    Random random = new Random(1);
    byte[] sent = new byte[1 << 20];
    random.nextBytes(sent);
    byte[] read = new byte[sent.length];
    int sentCount = 0;
    int readCount = 0;
    while (readCount < sent.length) {
      int size = Math.min(random.nextInt(40_000), sent.length - sentCount);
      receive(Arrays.copyOfRange(sent, sentCount, sentCount + size));
      sentCount += size;
      if (received.available() == 0) continue;
      int room = Math.min(1 + random.nextInt(50_000), read.length - readCount);
      readCount += received.read(read, readCount, room);
    }
    assertThat(read).isEqualTo(sent);
  }

  private void receive(byte[] bytes) {
    assertThat(received.data(channel, bytes, 0, bytes.length)).isZero();
  }
}
