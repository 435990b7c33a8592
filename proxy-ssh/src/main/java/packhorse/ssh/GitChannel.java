package packhorse.ssh;

import java.io.IOException;
import java.util.Optional;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;

/// A channel on which one exec, or the greeting in place of a shell, is possible; everything else a
/// client may ask of a channel is refused and does no harm. Used on the library's threads.
final class GitChannel extends ChannelSession {
  private static final int MOST_CHANNELS = 10;
  private static final int MOST_VARIABLES = 64;

  private final Execs execs;
  private final Pulse pulse;
  private final InputRing ring;
  private Optional<String> protocol = Optional.empty();
  private int variables;
  private boolean terminal;

  GitChannel(Execs execs, Pulse pulse, InputRing ring) {
    this.execs = execs;
    this.pulse = pulse;
    this.ring = ring;
    setDataReceiver(ring);
    pulse.opened();
    addCloseFutureListener(closed -> pulse.closed());
  }

  /// The value of GIT_PROTOCOL, if the client set it.
  Optional<String> protocol() {
    return protocol;
  }

  /// Whether the client asked for a terminal. It gets none, but writes as to one.
  boolean hasTerminal() {
    return terminal;
  }

  FromClient fromClient() {
    return new FromClient(ring, getLocalWindow());
  }

  // refused, not cut: OpenSSH then opens a connection of its own for what its shared one may not
  // carry
  @Override
  public OpenFuture open(long recipient, long window, long packet, Buffer buffer) {
    if (pulse.channels() > MOST_CHANNELS) {
      OpenFuture refused = new DefaultOpenFuture(this, this);
      refused.setException(
          new SshChannelOpenException(
              getChannelId(), SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, "too many channels"));
      close(true);
      return refused;
    }
    return super.open(recipient, window, packet, buffer);
  }

  @Override
  protected RequestHandler.Result handleEnvParsed(String name, String value) {
    variables++;
    if (variables > MOST_VARIABLES || !ProtocolVariable.accepts(name, value)) {
      return RequestHandler.Result.ReplyFailure;
    }
    protocol = Optional.of(value);
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handlePtyReq(Buffer buffer, boolean wantReply) {
    terminal = true;
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleWindowChange(Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleSignal(Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleBreak(Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleShell(String request, Buffer buffer, boolean wantReply)
      throws IOException {
    return isClosing() ? RequestHandler.Result.ReplyFailure : begin(request, execs.shell(this));
  }

  @Override
  protected RequestHandler.Result handleExec(String request, Buffer buffer, boolean wantReply)
      throws IOException {
    return isClosing()
        ? RequestHandler.Result.ReplyFailure
        : begin(request, execs.command(this, buffer.getBytes()));
  }

  @Override
  protected RequestHandler.Result handleSubsystem(
      String request, Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleAgentForwarding(
      String request, Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  @Override
  protected RequestHandler.Result handleX11Forwarding(
      String request, Buffer buffer, boolean wantReply) {
    return RequestHandler.Result.ReplyFailure;
  }

  private RequestHandler.Result begin(String request, Exec exec) throws IOException {
    commandInstance = exec;
    return prepareChannelCommand(request, exec);
  }

  // the status first, as OpenSSH does: a client that has nothing more to say closes the channel at
  // the end of ours, and what a closed channel had still to say is dropped
  @Override
  protected void closeShell(int exitValue, boolean closeImmediately) throws IOException {
    if (!isClosing()) {
      if (out != null) out.close();
      sendExitStatus(exitValue);
    }
    super.closeShell(exitValue, closeImmediately);
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) throws IOException {
    pulse.heard();
    super.doWriteData(data, offset, length);
  }

  @Override
  public void handleWindowAdjust(Buffer buffer) throws IOException {
    pulse.heard();
    super.handleWindowAdjust(buffer);
  }

  @Override
  public void handleEof() throws IOException {
    ring.end();
    super.handleEof();
  }

  @Override
  public void handleClose() throws IOException {
    ring.cut();
    super.handleClose();
  }

  @Override
  protected void closeImmediately0() {
    ring.cut();
    super.closeImmediately0();
  }
}
