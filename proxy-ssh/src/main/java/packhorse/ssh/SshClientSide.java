package packhorse.ssh;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import packhorse.exchange.ConversationClient;
import packhorse.node.ClientGone;
import packhorse.request.Refusal;
import packhorse.wire.Bytes;
import packhorse.wire.Push;

/// The client's side of one exec. Used on the exec's own virtual thread.
final class SshClientSide implements ConversationClient {
  private final Streams streams;
  private final SshRefusals refusals;
  private final Exit exit;
  private boolean ahead;
  private boolean inAnswer;
  private boolean ended;

  /// Ends the exec at the client.
  interface Exit {
    void with(int status);
  }

  /// The three streams of an exec.
  record Streams(InputStream fromClient, ToClient toClient, ToClient errors) {}

  SshClientSide(Streams streams, SshRefusals refusals, Exit exit) {
    this.streams = streams;
    this.refusals = refusals;
    this.exit = exit;
  }

  @Override
  public InputStream fromClient() {
    return streams.fromClient();
  }

  @Override
  public OutputStream toClient() {
    return streams.toClient();
  }

  @Override
  public boolean begun() {
    return streams.toClient().begun();
  }

  @Override
  public void ahead(Bytes part) throws ClientGone {
    ahead = true;
    byte[] bytes = part.toArray();
    streams.toClient().write(bytes, 0, bytes.length);
    streams.toClient().flush();
  }

  /// Whether the client has a part of an answer that no node has given yet.
  boolean ahead() {
    return ahead;
  }

  @Override
  public void inAnswer(boolean midst) {
    inAnswer = midst;
    ahead = false;
  }

  /// Whether the client waits for the rest of an answer.
  boolean inAnswer() {
    return inAnswer;
  }

  @Override
  public void remark(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      streams.errors().write(bytes, 0, bytes.length);
      streams.errors().flush();
    } catch (ClientGone nobodyListens) {
      ended = true;
    }
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    refusals.say(refusal, push, this);
  }

  /// Ends the exec, once; further calls do nothing.
  @Override
  public void end(int status) {
    if (ended) return;
    ended = true;
    exit.with(status);
  }
}
