package packhorse.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.exchange.call.ConversationClient;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.push.Push;

/// The client of one exec, as the exchanges see it. Used on the exec's own virtual thread.
final class SshConversationClient implements ConversationClient {
  private static final Logger LOG = LoggerFactory.getLogger(SshConversationClient.class);

  private final Streams streams;
  private final SshRefusals refusals;
  private final MemoryShare memory;
  private final IntConsumer exit;
  private boolean readsSideBand;
  private boolean midResponse;
  private boolean exited;

  /// The three streams of an exec.
  record Streams(
      ClientInputStream fromClient, ClientOutputStream toClient, ClientOutputStream errors) {}

  /// @param memory the share of the exec
  /// @param exit sends the exit status and ends the exec
  SshConversationClient(
      Streams streams, SshRefusals refusals, MemoryShare memory, IntConsumer exit) {
    this.memory = memory;
    this.streams = streams;
    this.refusals = refusals;
    this.exit = exit;
  }

  @Override
  public InputStream fromClient() {
    return streams.fromClient();
  }

  @Override
  public MemoryShare memory() {
    return memory;
  }

  @Override
  public OutputStream toClient() {
    return streams.toClient();
  }

  @Override
  public boolean hasLeft() {
    return streams.fromClient().isAborted();
  }

  @Override
  public boolean responseStarted() {
    return streams.toClient().hasWritten();
  }

  @Override
  public void sendEarly(ByteString part) throws ClientGoneException {
    expectSideBand();
    byte[] bytes = part.toArray();
    streams.toClient().write(bytes, 0, bytes.length);
    streams.toClient().flush();
  }

  @Override
  public void expectSideBand() {
    readsSideBand = true;
  }

  /// Whether the client reads side-band frames next: after a part of a response that was sent
  /// early, or where the response has nothing else.
  boolean readsSideBand() {
    return readsSideBand;
  }

  @Override
  public void setMidResponse(boolean midResponse) {
    this.midResponse = midResponse;
    readsSideBand = false;
  }

  /// Whether the client has a part of a node's response and waits for the rest.
  boolean isMidResponse() {
    return midResponse;
  }

  @Override
  public void writeError(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      streams.errors().write(bytes, 0, bytes.length);
      streams.errors().flush();
    } catch (ClientGoneException clientGone) {
      logUnsent("a message", clientGone);
      exited = true;
    }
  }

  /// Logs that the client left before it received what ends its exec.
  void logUnsent(String what, IOException cause) {
    LOG.debug("{}: {} was not sent: {}", refusals.arrival().id(), what, cause.getMessage());
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    refusals.send(refusal, push, this);
  }

  /// Ends the exec with an exit status. Only the first call has an effect.
  @Override
  public void exit(int status) {
    if (exited) return;
    exited = true;
    exit.accept(status);
  }
}
