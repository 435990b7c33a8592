package packhorse.http.node;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.client.Connection;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.NodeRequest;
import packhorse.node.NodeResponse;
import packhorse.node.PermittedNodeRequest;
import packhorse.node.WaitListener;
import packhorse.request.RefusalException;

/// Sends requests to nodes over HTTP/1.1. Made by `Assembly`, called by the exchanges on the
/// virtual threads of client requests.
public final class JettyLink implements NodeLink {
  private final NodeClients clients;

  public JettyLink(NodeClients clients) {
    this.clients = clients;
  }

  /// Sends a request. A request with a streamed body gets a new connection of its own, so that a
  /// push is never sent on a kept-alive connection that the node is just closing. So does a request
  /// whose credential could authenticate the connection. Any other request is a read: if it was
  /// sent on a kept-alive connection that turns out to be closed, it is repeated on a new
  /// connection.
  @Override
  public NodeResponse send(PermittedNodeRequest permitted, WaitListener waitListener)
      throws NodeFailure, ClientGoneException, RefusalException {
    Node node = permitted.node();
    NodeRequest request = permitted.request();
    if (request.body() instanceof NodeRequest.StreamedBody body) {
      return sendStreamed(node, request, body, waitListener);
    }
    if (ConnectionBoundAuthentication.isUsedBy(request)) {
      return sendOnNewConnection(node, request, waitListener);
    }
    var exchange = new NodeExchange(clients, clients.timeouts(), node, request);
    try {
      exchange.send();
      return exchange.awaitResponse(waitListener);
    } catch (NodeFailure failure) {
      if (!exchange.failedOnClosedConnection()) throw failure;
      return sendOnNewConnection(node, request, waitListener);
    }
  }

  private NodeResponse sendOnNewConnection(
      Node node, NodeRequest request, WaitListener waitListener)
      throws NodeFailure, ClientGoneException {
    var exchange = new NodeExchange(clients, clients.timeouts(), node, request);
    Connection connection = exchange.connect();
    try {
      exchange.send(connection);
      return exchange.awaitResponse(waitListener);
    } catch (NodeFailure | ClientGoneException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  private NodeResponse sendStreamed(
      Node node, NodeRequest request, NodeRequest.StreamedBody streamed, WaitListener waitListener)
      throws NodeFailure, ClientGoneException, RefusalException {
    var body = new StreamedRequestBody(streamed.length());
    var exchange = new NodeExchange(clients, clients.timeouts(), node, request, Optional.of(body));
    Connection connection = exchange.connect();
    try {
      exchange.send(connection);
      writeBody(streamed.writer(), body, exchange);
      // A push that the node has received is waited for, whatever happens.
      return request.mayPause() ? exchange.awaitResponse(waitListener) : exchange.awaitResponse();
    } catch (RefusalException | IOException | RuntimeException failure) {
      exchange.abort(failure);
      connection.close();
      throw failure;
    }
  }

  /// Writes the body until it ends or the node rejects the request: then the rest is not sent.
  private static void writeBody(
      NodeRequest.BodyWriter writer, StreamedRequestBody body, NodeExchange exchange)
      throws ClientGoneException, RefusalException {
    var toNode = body.newOutputStream();
    try {
      writer.writeTo(toNode);
      body.close();
    } catch (StreamedRequestBody.StoppedException stopped) {
      // The caller waits for the response next, and gets it or the reason of the failure. A body
      // that fails would make the client library discard the response, too.
      if (!exchange.isRejected()) body.fail(stopped);
    } catch (ClientGoneException e) {
      throw e;
    } catch (IOException e) {
      throw new ClientGoneException("the client's body ended early", e);
    }
  }
}
