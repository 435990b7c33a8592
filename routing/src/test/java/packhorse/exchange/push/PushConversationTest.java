package packhorse.exchange.push;

import static org.assertj.core.api.Assertions.assertThat;
import static packhorse.kit.Pushes.commandList;
import static packhorse.kit.Pushes.createCommand;
import static packhorse.kit.Pushes.deleteCommand;
import static packhorse.kit.Pushes.pkt;
import static packhorse.kit.ScriptedLink.responds;
import static packhorse.kit.ScriptedLink.truncatesAfter;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import packhorse.exchange.ExchangeScene;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.AnswerResult;
import packhorse.kit.Pushes;
import packhorse.kit.RecordingConversationClient;
import packhorse.kit.RequestFixture;
import packhorse.node.ClientGoneException;
import packhorse.request.GitRequest;
import packhorse.wire.WireText;

/// Pushes over SSH, for which the client may take long to create the pack.
final class PushConversationTest {
  private static final String ADVERTISEMENT =
      pkt("# service=git-receive-pack\n")
          + "0000"
          + pkt(Pushes.ID_1 + " refs/heads/a\0\n")
          + "0000";
  private static final String REPORT =
      pkt("\1" + pkt("unpack ok\n") + pkt("ok refs/heads/a\n") + "0000") + "0000";

  private final ExchangeScene scene =
      new ExchangeScene(RequestFixture.push().step(GitRequest.Step.CONVERSATION).nodes("a"));

  @Test
  void a_push_is_sent_to_the_node_when_its_pack_begins_to_arrive() throws Exception {
    scene.link.script("a", responds(200, ADVERTISEMENT), responds(200, REPORT));
    String commands = commandList(createCommand("refs/heads/b"));
    String pack = pack();
    PushInput input = new PushInput(commands, pack);
    var client = new RecordingConversationClient(input);
    scene.answer(client);
    assertThat(input.requestsBeforePack).as("only the advertisement").isEqualTo(1);
    assertThat(scene.link.requests().getLast().body()).isEqualTo(commands + pack);
    assertThat(client.output()).endsWith(REPORT);
    assertThat(client.exitStatus()).hasValue(0);
  }

  @Test
  void a_push_that_only_deletes_is_sent_without_a_pack() throws Exception {
    scene.link.script("a", responds(200, ADVERTISEMENT), responds(200, REPORT));
    String commands = commandList(deleteCommand("refs/heads/a"));
    PushInput input = new PushInput(commands, "");
    scene.answer(new RecordingConversationClient(input));
    assertThat(input.requestsBeforePack).as("no read after the commands").isZero();
    assertThat(scene.link.requests().getLast().body()).isEqualTo(commands);
  }

  @Test
  void a_push_whose_client_leaves_before_the_pack_is_not_sent_and_not_recorded_as_sent()
      throws Exception {
    scene.link.script("a", responds(200, ADVERTISEMENT));
    PushInput input = new PushInput(commandList(createCommand("refs/heads/b")), "");
    Answer answer = scene.answer(new RecordingConversationClient(input));
    assertThat(answer.interruption().orElseThrow().cause()).isInstanceOf(ClientGoneException.class);
    assertThat(answer.result()).isInstanceOf(AnswerResult.RefList.class);
    assertThat(scene.link.startedRequests()).isEqualTo(1);
  }

  @Test
  void a_push_whose_client_leaves_in_the_middle_of_the_pack_is_recorded_as_sent() throws Exception {
    scene.link.script("a", responds(200, ADVERTISEMENT));
    PushInput input = new PushInput(commandList(createCommand("refs/heads/b")), "PACK");
    Answer answer = scene.answer(new RecordingConversationClient(input));
    assertThat(answer.interruption().orElseThrow().cause()).isInstanceOf(ClientGoneException.class);
    assertThat(answer.result()).isInstanceOf(AnswerResult.Pushed.class);
  }

  @Test
  void a_push_whose_report_breaks_off_is_told_to_be_unknown() throws Exception {
    String progress = pkt("\2checking\n");
    scene.link.script("a", responds(200, ADVERTISEMENT), truncatesAfter(progress));
    PushInput input = new PushInput(commandList(createCommand("refs/heads/b")), pack());
    Answer answer = scene.answer(new RecordingConversationClient(input));
    assertThat(answer.interruption().orElseThrow().message().orElseThrow())
        .hasMessageContaining("failed in the middle of its response")
        .hasMessageContaining("the push may have been applied");
  }

  @Test
  void a_node_that_breaks_off_in_the_head_of_its_list_is_named() throws Exception {
    scene.link.script("a", truncatesAfter(ADVERTISEMENT.substring(0, 40)));
    Answer answer = scene.answer(new RecordingConversationClient(new PushInput("", "")));
    assertThat(answer.interruption().orElseThrow().message().orElseThrow())
        .hasMessage("the node a failed in the middle of its response");
    assertThat(answer.node().name()).isEqualTo("a");
  }

  private static String pack() throws Exception {
    byte[] empty = WireText.bytes("PACK\0\0\0\2\0\0\0\0");
    return WireText.text(empty) + WireText.text(MessageDigest.getInstance("SHA-1").digest(empty));
  }

  /// The input of a client that is still creating its pack when its commands have been read: then
  /// [#available] is 0, and the next read records how many requests the nodes have received.
  private final class PushInput extends InputStream {
    private final byte[] bytes;
    private final int packStart;
    private int position;
    private int requestsBeforePack;

    PushInput(String commands, String pack) {
      bytes = (commands + pack).getBytes(StandardCharsets.ISO_8859_1);
      packStart = commands.length();
    }

    @Override
    public int read() {
      if (position == packStart) requestsBeforePack = scene.link.startedRequests();
      return position == bytes.length ? -1 : bytes[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
      int b = count == 0 ? 0 : read();
      if (b < 0) return -1;
      Arrays.fill(target, offset, offset + Math.min(1, count), (byte) b);
      return Math.min(1, count);
    }

    @Override
    public int available() {
      return position < packStart ? packStart - position : 0;
    }
  }
}
