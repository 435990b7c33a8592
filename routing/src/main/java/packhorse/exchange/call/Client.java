package packhorse.exchange.call;

import java.io.InputStream;
import java.util.Optional;
import packhorse.memory.CollectedInput;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;
import packhorse.node.WaitListener;
import packhorse.request.Refusal;
import packhorse.wire.push.Push;

/// The client of one request. Implemented by the fronts; used on the virtual thread of the request.
public sealed interface Client permits StatelessClient, ConversationClient {

  /// What the client sends: over HTTP the body, without framing and content encoding; over SSH the
  /// standard input of the exec. Reading throws [packhorse.node.ClientGoneException] if the client
  /// leaves in the middle, and [packhorse.request.UnreadableBodyException] for a body that cannot
  /// be decoded.
  InputStream fromClient();

  /// The memory that the request holds.
  MemoryShare memory();

  /// The input of [#fromClient] where it is collected before a node is asked: what is read is
  /// charged to the memory of the request.
  ///
  /// @param heapPerByte [CollectedInput#FETCH_REQUEST] or [CollectedInput#PUSH_COMMANDS]
  default CollectedInput collectedInput(int heapPerByte) {
    return new CollectedInput(fromClient(), memory(), heapPerByte);
  }

  /// Whether the client is known to have left. Called again and again while the proxy waits for a
  /// node and has nothing to read from the client or to write to it; does not block.
  boolean hasLeft();

  /// Checks that the client is not known to have left.
  ///
  /// @throws ClientGoneException if it is
  default void requirePresent() throws ClientGoneException {
    if (hasLeft()) throw new ClientGoneException("the client left before it was answered");
  }

  /// A listener that ends the wait for a node when the client has left.
  default WaitListener presence() {
    return WaitListener.none().withCheck(this::requirePresent);
  }

  /// Whether the client has received anything that cannot be taken back.
  boolean responseStarted();

  /// Sends a refusal in the form that git shows, in the words of the front, with the id of the
  /// decision at the end; on side-band 3 if the client has received a part of a response. The last
  /// call. Throws nothing: a client that has left is not told.
  ///
  /// @param push the commands of a push that were read; each of them is reported as refused
  void refuse(Refusal refusal, Optional<Push> push);
}
