package packhorse.exchange.refs;

import java.io.IOException;
import java.util.Optional;
import packhorse.exchange.call.RoutedResponse;
import packhorse.node.Node;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;

/// Sends one client's request for a list of refs to the nodes. Used on any thread, because the
/// response may be for other clients too.
interface RequestSender {
  /// Sends the request and waits for the first byte of the response.
  ///
  /// @param silentNode a node that has not yet answered an equal request; it is asked last
  /// @param waitListener called while a node does not respond
  /// @throws RefusalException if no node responded
  RoutedResponse send(Optional<Node> silentNode, WaitListener waitListener)
      throws RefusalException, IOException;

  /// Whether another node than this may answer, too.
  boolean hasAlternativeTo(Node node);
}
