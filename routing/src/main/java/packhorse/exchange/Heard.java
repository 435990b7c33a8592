package packhorse.exchange;

import java.io.IOException;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.WireException;

/// Says whose fault it is when what was read is not git.
final class Heard {
  private Heard() {}

  /// Something that is read.
  interface Reading<T> {
    T read() throws IOException;
  }

  /// Reads from a client.
  ///
  /// @throws Refused when what it says is malformed or too large
  /// @throws ClientGone when it stops in the midst of it
  static <T> T fromClient(Reading<T> reading) throws Refused, IOException {
    try {
      return reading.read();
    } catch (WireException.CutShort e) {
      throw new ClientGone("the client left in the midst of its words", e);
    } catch (WireException.TooLarge e) {
      throw new Refused(Refusal.tooLarge("the request", "git's protocol"));
    } catch (WireException e) {
      throw new Refused(Refusal.malformed("the request is not git's: " + e.getMessage()));
    }
  }

  /// Reads from a node. An `ERR` pkt goes through: it is a node's own no.
  ///
  /// @throws Refused when what it says is not git's
  static <T> T fromNode(Node node, Reading<T> reading) throws Refused, IOException {
    try {
      return reading.read();
    } catch (WireException.ErrorPkt e) {
      throw e;
    } catch (WireException e) {
      throw new Refused(
          new Refusal(
              Refusal.Kind.NODE_FAILED,
              "the node " + node.name() + " did not answer with git",
              "node \"" + node.name() + "\": " + e.getMessage()));
    }
  }
}
