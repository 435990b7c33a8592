package packhorse.http;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.client.Connection;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeCall;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.PermittedCall;
import packhorse.node.Silence;
import packhorse.request.Refused;

/// Links to nodes over HTTP/1.1. Made by the assembly, called by the exchanges on the requests' own
/// virtual threads.
public final class JettyLink implements NodeLink {
  private final NodeClients clients;

  public JettyLink(NodeClients clients) {
    this.clients = clients;
  }

  /// Asks the node. A body that is streamed gets a connection of its own, so that a push can never
  /// meet one that the node is just closing, and so does what shows a credential that may stay with
  /// the connection. Anything else is a read, and is asked a second time on a new connection if the
  /// one it was sent on had been kept alive and turned out to be closed.
  @Override
  public NodeAnswer ask(PermittedCall permitted, Silence silence)
      throws NodeFailure, ClientGone, Refused {
    Node node = permitted.node();
    NodeCall call = permitted.call();
    if (call.body() instanceof NodeCall.Stream stream) return streamed(node, call, stream);
    if (NodeChallenges.mayBind(call)) return onOwnConnection(node, call, silence);
    var first = new NodeExchange(clients, clients.timeouts(), node, call);
    try {
      first.send();
      return first.answer(silence);
    } catch (NodeFailure failure) {
      if (!first.metClosedConnection()) throw failure;
      return onOwnConnection(node, call, silence);
    }
  }

  private NodeAnswer onOwnConnection(Node node, NodeCall call, Silence silence)
      throws NodeFailure, ClientGone {
    var exchange = new NodeExchange(clients, clients.timeouts(), node, call);
    Connection own = exchange.connect();
    try {
      exchange.send(own);
      return exchange.answer(silence);
    } catch (NodeFailure | ClientGone | RuntimeException failure) {
      own.close();
      throw failure;
    }
  }

  private NodeAnswer streamed(Node node, NodeCall call, NodeCall.Stream stream)
      throws NodeFailure, ClientGone, Refused {
    var body = new StreamedBody(stream.length());
    var exchange = new NodeExchange(clients, clients.timeouts(), node, call, Optional.of(body));
    Connection own = exchange.connect();
    try {
      exchange.send(own);
      feed(stream.feeder(), body, exchange);
      return exchange.answer();
    } catch (Refused | IOException | RuntimeException failure) {
      exchange.abandon(failure);
      own.close();
      throw failure;
    }
  }

  /// Runs the feeder until it is done or the node answers: a node that says no early is not sent
  /// the rest.
  private static void feed(NodeCall.Feeder feeder, StreamedBody body, NodeExchange exchange)
      throws ClientGone, Refused {
    var toNode = new ToNode(body, exchange);
    try {
      feeder.feed(toNode);
      body.close();
    } catch (ToNode.Stopped stopped) {
      // what the node said, or why it could not, is asked next
      body.fail(stopped);
    } catch (ClientGone gone) {
      throw gone;
    } catch (IOException gone) {
      throw new ClientGone("the client's body ended early", gone);
    }
  }
}
