package packhorse.exchange.call;

import java.io.IOException;
import packhorse.node.ClientGoneException;
import packhorse.node.Node;
import packhorse.node.NodeFailure;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.WireException;

/// Translates an error in git's protocol into a refusal of the client's request. If the client sent
/// invalid data, its request is refused as malformed or too large; if the node sent invalid data,
/// the refusal names the node. A request that ends early is not refused but treated as a
/// disconnect, see [ClientGoneException]. Called on the thread of the request.
public final class ProtocolErrors {
  private ProtocolErrors() {}

  /// An operation that reads and parses input.
  public interface ReadOperation<T> {
    T read() throws IOException;
  }

  /// Whether a node is to blame for the refusal that [#readFromNode] has thrown: it broke off or
  /// sent invalid data. An `ERR` pkt is no failure of the node.
  public static boolean isFaultOfNode(RefusalException failure) {
    return failure.refusal().kind() == Refusal.Kind.NODE_FAILED;
  }

  /// Performs an operation that reads from a client, and returns its result.
  ///
  /// @throws RefusalException if the input is malformed or too large
  /// @throws ClientGoneException if the input ends before the request is complete
  public static <T> T readFromClient(ReadOperation<T> operation)
      throws RefusalException, IOException {
    try {
      return operation.read();
    } catch (WireException.UnexpectedEnd e) {
      throw new ClientGoneException("the client left in the middle of a request", e);
    } catch (WireException.TooLarge e) {
      throw new RefusalException(Refusal.tooLarge("the request", "git's protocol"));
    } catch (WireException e) {
      throw new RefusalException(Refusal.malformed("not a valid git request: " + e.getMessage()));
    }
  }

  /// Performs an operation that reads from a node, and returns its result. An `ERR` pkt is not
  /// translated: with it, the node itself refuses the request, and the caller relays the message.
  ///
  /// @throws WireException.RemoteError if the node sent an `ERR` pkt
  /// @throws RefusalException if the input is malformed, too large or truncated, or the node fails:
  ///   then with the [NodeFailure] as its cause
  public static <T> T readFromNode(Node node, ReadOperation<T> operation)
      throws RefusalException, IOException {
    try {
      return operation.read();
    } catch (WireException.RemoteError e) {
      throw e;
    } catch (WireException e) {
      throw new RefusalException(
          new Refusal(
              Refusal.Kind.NODE_FAILED,
              "the node " + node.name() + " did not send a valid git response",
              "node \"" + node.name() + "\": " + e.getMessage()));
    } catch (NodeFailure e) {
      throw new RefusalException(ResponseCopier.truncationRefusal(node, e), e);
    }
  }
}
