package packhorse.exchange.fetch;

import java.io.IOException;
import java.util.Optional;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Conversation;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.ResponseCopier;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatusMessages;
import packhorse.memory.CollectedInput;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireLimits;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.pkt.FinalFlushDetector;
import packhorse.wire.pkt.PktReader;

/// Runs a fetch in protocol v2 over SSH. Protocol v2 has no state, so each command becomes one
/// POST, and its response is relayed.
final class V2FetchConversation {
  private final FetchDispatcher dispatcher;

  V2FetchConversation(FetchDispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  Answer run(Conversation conversation) throws RefusalException, IOException {
    CollectedInput collected = conversation.client().collectedInput(CollectedInput.FETCH_REQUEST);
    PktReader in = new PktReader(collected, WireLimits.FETCH_REQUEST_BYTES);
    Optional<V2Command> command = ProtocolErrors.readFromClient(() -> V2CommandReader.read(in));
    while (command.isPresent()) {
      // Whatever the node reported as the reason has been sent to the client.
      if (!answer(command.get(), conversation)) return conversation.endWithoutFlush();
      collected.release();
      collected.startMessage();
      command = ProtocolErrors.readFromClient(() -> V2CommandReader.read(in));
    }
    return conversation.end();
  }

  /// Answers one command.
  ///
  /// @return false if the node's response has no end: the client would wait for the rest
  private boolean answer(V2Command command, Conversation conversation)
      throws RefusalException, IOException {
    FetchRequestBody body = FetchRequestBody.of(command);
    try (RoutedResponse response =
        dispatcher.send(
            conversation.routes(),
            body,
            command.raw(),
            ProtocolVersion.V2,
            conversation.client())) {
      conversation.addResponse(response);
      StatusMessages.requireOk(response);
      FinalFlushDetector end = new FinalFlushDetector(response.observer());
      long bytes =
          ResponseCopier.copyRemainder(response.nodeResponse(), conversation.client(), end);
      conversation.addBytes(bytes);
      if (end.complete()) return true;
      if (bytes > 0) return false;
      if (body.fetch().filter(Fetch::hasEmptyResponse).isPresent()) return true;
      Node node = response.nodeResponse().node();
      throw new RefusalException(
          Refusal.nodeFailed("the node " + node.name() + " sent no response"),
          NodeFailure.truncatedResponse(node));
    }
  }
}
