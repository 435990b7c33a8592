package packhorse.exchange.call;

import java.io.OutputStream;
import packhorse.node.ClientGoneException;
import packhorse.wire.ByteString;

/// A client over SSH: one exec, in which both sides send in turn.
public non-sealed interface ConversationClient extends Client {

  /// The standard output of the exec. Writing blocks while the client does not read, and throws
  /// [packhorse.node.ClientGoneException] if it has left.
  OutputStream toClient();

  /// Sends the client a part of the response to a fetch before a node has responded, and flushes
  /// it.
  ///
  /// @throws ClientGoneException if the client has left
  void sendEarly(ByteString part) throws ClientGoneException;

  /// Sets whether the client has received a part of a node's response and waits for the rest. If
  /// so, an error cannot be sent in place of the response.
  void setMidResponse(boolean midResponse);

  /// Records that the client reads the side-band frames of a pack next, and no line before them: an
  /// error is sent on side-band 3.
  void expectSideBand();

  /// Writes a line to the standard error of the exec.
  void writeError(String line);

  /// Ends the exec with this status. Called once, last.
  void exit(int status);
}
