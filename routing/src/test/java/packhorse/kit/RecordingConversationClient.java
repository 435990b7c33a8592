package packhorse.kit;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import packhorse.exchange.call.ConversationClient;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.WireText;
import packhorse.wire.push.Push;

/// A client over SSH that records what it is sent. For one thread.
public final class RecordingConversationClient implements ConversationClient {
  private final MemoryShare memory =
      new MemoryBudget(1L << 30).share(InetAddress.getLoopbackAddress());
  private final InputStream fromClient;
  private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
  private final List<String> errors = new ArrayList<>();
  private OptionalInt exitStatus = OptionalInt.empty();

  public RecordingConversationClient(InputStream fromClient) {
    this.fromClient = fromClient;
  }

  @Override
  public InputStream fromClient() {
    return fromClient;
  }

  @Override
  public OutputStream toClient() {
    return toClient;
  }

  @Override
  public MemoryShare memory() {
    return memory;
  }

  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public boolean responseStarted() {
    return toClient.size() > 0;
  }

  @Override
  public void sendEarly(ByteString part) {
    toClient.writeBytes(part.toArray());
  }

  @Override
  public void setMidResponse(boolean midResponse) {}

  @Override
  public void expectSideBand() {}

  @Override
  public void writeError(String line) {
    errors.add(line);
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    errors.add(refusal.message());
  }

  @Override
  public void exit(int status) {
    exitStatus = OptionalInt.of(status);
  }

  /// The standard output, in wire form.
  public String output() {
    return WireText.text(toClient.toByteArray());
  }

  public List<String> errors() {
    return errors;
  }

  public OptionalInt exitStatus() {
    return exitStatus;
  }
}
