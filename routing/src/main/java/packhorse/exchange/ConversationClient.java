package packhorse.exchange;

import java.io.OutputStream;
import packhorse.node.ClientGone;
import packhorse.wire.Bytes;

/// A client over SSH: one exec, in which both sides speak in turn.
public non-sealed interface ConversationClient extends Client {
  /// What the client reads as the standard output of its exec. Writing blocks while the client does
  /// not read, and throws {@link packhorse.node.ClientGone} when it is gone.
  OutputStream toClient();

  /// Gives the client, at once, a part of an answer to a fetch before a node has answered.
  ///
  /// @throws ClientGone when the client is gone
  void ahead(Bytes part) throws ClientGone;

  /// Whether the client has a part of a node's answer and waits for the rest: an error can not be
  /// said in its place then.
  void inAnswer(boolean midst);

  /// Writes a line to the client's standard error.
  void remark(String line);

  /// Ends the exec with that status. Called once, last.
  void end(int status);
}
