package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.apache.sshd.server.channel.ChannelSession;
import org.junit.jupiter.api.Test;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;
import packhorse.request.UnreadableBodyException;

final class ReceiveBufferTest {
  private final MemoryBudget memory = new MemoryBudget(4 << 20);
  private final ReceiveBuffer received =
      new ReceiveBuffer(Duration.ofSeconds(10), memory.share(InetAddress.getLoopbackAddress()));
  private final ChannelSession channel = new ChannelSession();

  @Test
  void data_without_a_byte_is_ignored_wherever_it_comes() throws IOException {
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
  void bytes_are_read_as_they_were_sent_however_both_are_divided() throws IOException {
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

  @Test
  void while_there_is_no_memory_to_grow_the_sender_waits_for_the_reader() throws Exception {
    MemoryShare all = useUpMemory();
    receive(new byte[32 * 1024]);
    Thread sender = Thread.ofVirtual().start(() -> receive(new byte[32 * 1024]));
    byte[] read = new byte[32 * 1024];
    for (int count = 0; count < 64 * 1024; ) count += received.read(read, 0, read.length);
    sender.join();
    assertThat(received.available()).isZero();
    all.close();
    assertThat(memory.heldBytes()).isZero();
  }

  @Test
  void if_nothing_is_read_meanwhile_the_request_is_refused() {
    MemoryShare all = useUpMemory();
    receive(new byte[32 * 1024]);
    receive(new byte[32 * 1024]);
    assertThatThrownBy(() -> received.read(new byte[1], 0, 1))
        .isInstanceOf(UnreadableBodyException.class)
        .hasMessageContaining("no memory for this request");
    all.close();
  }

  private MemoryShare useUpMemory() {
    MemoryShare all = memory.sharedByClients();
    while (all.tryTake(1024)) {}
    return all;
  }

  private void receive(byte[] bytes) {
    assertThat(received.data(channel, bytes, 0, bytes.length)).isZero();
  }
}
