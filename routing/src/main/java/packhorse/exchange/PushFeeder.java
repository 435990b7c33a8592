package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalLong;
import packhorse.node.NodeCall;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.UnreadableBody;
import packhorse.wire.Push;

/// Writes a push towards a node: its commands as they were read, then what follows them, unread.
final class PushFeeder implements NodeCall.Feeder {
  private static final int PIECE = 64 * 1024;

  private final Push push;
  private final Client client;
  private final OptionalLong limit;
  private boolean taken;

  PushFeeder(Push push, Client client, OptionalLong limit) {
    this.push = push;
    this.client = client;
    this.limit = limit;
  }

  @Override
  public void feed(OutputStream toNode) throws IOException, Refused {
    if (taken) throw new IllegalStateException("a push is never sent twice");
    push.raw().writeTo(toNode);
    // sent before anything more is taken from the client: where the node is not there, another can
    // still be asked
    toNode.flush();
    taken = true;
    InputStream fromClient = client.fromClient();
    byte[] piece = new byte[PIECE];
    long total = push.raw().size();
    for (int n = read(fromClient, piece); n >= 0; n = read(fromClient, piece)) {
      total += n;
      if (total > limit.orElse(Long.MAX_VALUE)) {
        throw new Refused(tooLarge(limit), push);
      }
      toNode.write(piece, 0, n);
    }
  }

  static Refusal tooLarge(OptionalLong limit) {
    return Refusal.tooLarge("the push", "the limit of " + limit.orElseThrow() + " bytes");
  }

  private int read(InputStream fromClient, byte[] piece) throws IOException, Refused {
    try {
      return fromClient.read(piece);
    } catch (UnreadableBody unreadable) {
      throw new Refused(unreadable.refusal(), push);
    }
  }
}
