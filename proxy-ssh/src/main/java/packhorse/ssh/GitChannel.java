package packhorse.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;

/// A session channel (RFC 4254, section 6) that serves one exec request, or one shell request with
/// a greeting. Terminal requests are accepted and ignored; every other request on a channel is
/// refused and leaves the channel open. Used on MINA SSHD's threads.
final class GitChannel extends ChannelSession {
  private static final int MAX_CHANNELS = 10;
  private static final int MAX_VARIABLES = 64;
  private static final String GIT_PROTOCOL = "GIT_PROTOCOL";
  private static final int MAX_GIT_PROTOCOL_LENGTH = 256;
  private static final Pattern GIT_PROTOCOL_FORM =
      Pattern.compile("version=[012](:[a-z0-9=._-]+)*");

  private final ExecFactory execs;
  private final ConnectionActivity activity;
  private final ReceiveBuffer received;
  private final MemoryShare memory;
  // the channel itself and its exec
  private final AtomicInteger memoryUsers = new AtomicInteger(1);
  private final ConnectionActivity.ExecActivity execActivity;
  private Optional<String> gitProtocol = Optional.empty();
  private int variableCount;
  private volatile boolean closedByClient;
  private boolean terminal;

  /// @param memory the share of the channel and of its exec, closed here when both have ended
  GitChannel(
      ExecFactory execs, ConnectionActivity activity, ReceiveBuffer received, MemoryShare memory) {
    this.memory = memory;
    // No channel is opened before the client has proved that it has the key of a user.
    memory.verify();
    this.execs = execs;
    this.activity = activity;
    this.received = received;
    this.execActivity = activity.channelOpened();
    setDataReceiver(received);
    addCloseFutureListener(closed -> {
      activity.channelClosed(execActivity);
      releaseMemory();
    });
  }

  /// The share of the channel and of its exec.
  MemoryShare memory() {
    return memory;
  }

  void execStarted() {
    memoryUsers.incrementAndGet();
  }

  void execEnded() {
    releaseMemory();
  }

  private void releaseMemory() {
    if (memoryUsers.decrementAndGet() == 0) memory.close();
  }

  /// The value of `GIT_PROTOCOL`, if the client set it.
  Optional<String> gitProtocol() {
    return gitProtocol;
  }

  /// Whether the client requested a pseudo-terminal. It gets none, but its own terminal is in raw
  /// mode.
  boolean hasTerminal() {
    return terminal;
  }

  /// Returns the client's input as a stream.
  ClientInputStream clientInput() {
    return new ClientInputStream(received, getLocalWindow(), this::clientGone);
  }

  /// Returns one of the channel's output streams for the exec.
  ClientOutputStream clientOutput(OutputStream stream) {
    return new ClientOutputStream(stream, execActivity, this::clientGone);
  }

  // What the library reports of a failed read or write is that the channel is closed, not why.
  private ClientGoneException clientGone(IOException cause) {
    String reason =
        activity
            .closeReason()
            .orElseGet(() ->
                closedByClient
                    ? "it closed its channel"
                    : isClosing()
                        ? "it closed the connection"
                        : String.valueOf(cause.getMessage()));
    return new ClientGoneException("the client is gone: " + reason, cause);
  }

  // Refuses a channel too many, or one for which there is no memory, instead of closing the
  // connection: an OpenSSH client that shares a connection then opens one of its own.
  @Override
  public OpenFuture open(long recipient, long window, long packet, Buffer buffer) {
    if (activity.openChannels() > MAX_CHANNELS || !memory.admit()) {
      OpenFuture refusal = new DefaultOpenFuture(this, this);
      refusal.setException(
          new SshChannelOpenException(
              getChannelId(), SshConstants.SSH_OPEN_RESOURCE_SHORTAGE, "too many channels"));
      close(true);
      return refusal;
    }
    return super.open(recipient, window, packet, buffer);
  }

  @Override
  protected RequestHandler.Result handleEnvParsed(String name, String value) {
    variableCount++;
    if (variableCount > MAX_VARIABLES || !acceptsVariable(name, value)) {
      return RequestHandler.Result.ReplyFailure;
    }
    gitProtocol = Optional.of(value);
    return RequestHandler.Result.ReplySuccess;
  }

  /// Whether a client may set this environment variable: only `GIT_PROTOCOL`, to a value whose form
  /// allows nothing but a protocol version and keys like `session-id`.
  static boolean acceptsVariable(String name, String value) {
    return name.equals(GIT_PROTOCOL)
        && value.length() <= MAX_GIT_PROTOCOL_LENGTH
        && GIT_PROTOCOL_FORM.matcher(value).matches();
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
    return isClosing()
        ? RequestHandler.Result.ReplyFailure
        : start(request, execs.createShell(this));
  }

  @Override
  protected RequestHandler.Result handleExec(String request, Buffer buffer, boolean wantReply)
      throws IOException {
    return isClosing()
        ? RequestHandler.Result.ReplyFailure
        : start(request, execs.createCommand(this, buffer.getBytes()));
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

  private RequestHandler.Result start(String request, Exec exec) throws IOException {
    execActivity.requestStarted();
    commandInstance = exec;
    return prepareChannelCommand(request, exec);
  }

  // Sends the exit status before end-of-file, as OpenSSH's server does: a client that has nothing
  // more to send closes the channel at end-of-file, and whatever was not sent by then is dropped.
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
    activity.recordActivity();
    super.doWriteData(data, offset, length);
  }

  @Override
  public void handleWindowAdjust(Buffer buffer) throws IOException {
    activity.recordActivity();
    execActivity.roomGranted();
    super.handleWindowAdjust(buffer);
  }

  @Override
  public void handleEof() throws IOException {
    received.markEof();
    super.handleEof();
  }

  @Override
  public void handleClose() throws IOException {
    closedByClient = true;
    received.abort(clientGone(new EOFException("the channel is closed")));
    super.handleClose();
  }

  @Override
  protected void closeImmediately0() {
    received.abort(clientGone(new EOFException("the connection is closed")));
    super.closeImmediately0();
  }
}
