package packhorse.exchange;

import java.io.InputStream;
import java.util.Optional;
import packhorse.request.Refusal;
import packhorse.wire.Push;

/// The client's side of one request, made by a front and used on the request's own virtual thread.
public sealed interface Client permits StatelessClient, ConversationClient {
  /// What the client sends: over HTTP the body, framing and content encoding taken off; over SSH
  /// what it writes. Reading throws {@link packhorse.node.ClientGone} when the client is gone in
  /// the midst of it, and {@link packhorse.request.UnreadableBody} for a body that cannot be read.
  InputStream fromClient();

  /// Whether the client has been told anything that cannot be taken back.
  boolean begun();

  /// Says no in git's own channel, in the words of the front, with the id of the decision at the
  /// end: on band 3 where the client was given a part of an answer ahead of a node's. Called last;
  /// throws nothing: a client that is gone is told nothing.
  ///
  /// @param push the commands of a push that were read: each is owed a line
  void refuse(Refusal refusal, Optional<Push> push);
}
