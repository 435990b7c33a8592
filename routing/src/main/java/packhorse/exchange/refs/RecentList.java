package packhorse.exchange.refs;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.RoutedResponse;
import packhorse.memory.MemoryShare;
import packhorse.node.Node;
import packhorse.node.NodeResponse;
import packhorse.node.Route;
import packhorse.request.Headers;
import packhorse.wire.ByteString;

/// A list of refs that a node has sent, whole, and which is kept for a moment: see [RecentLists].
/// Immutable.
///
/// @param node who sent it
/// @param headers all header fields of the response
/// @param bytes the body of the response
/// @param version when it was requested: the number of changes that the proxy knew of
public record RecentList(Node node, Headers headers, ByteString bytes, long version) {

  /// Returns the list as a response of its node to another request, which is not sent.
  public RoutedResponse toResponse() {
    Route route = new Route(List.of(node), true, "read, from the list of the request before it");
    AnswerObserver list = AnswerObserver.of(new AnswerResult.RefList());
    return new RoutedResponse(route, new KeptResponse(this), List.of()).withObserver(list);
  }

  /// Collects a list while it is read.
  public static final class Collector extends FilterInputStream {
    private static final int STEP = 16 * 1024;

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final MemoryShare memory;
    private long charged;
    private boolean tooLarge;

    /// @param list the body of the node's response
    /// @param memory what is collected is charged to this share until [#finish]
    public Collector(InputStream list, MemoryShare memory) {
      super(list);
      this.memory = memory;
    }

    @Override
    public int read() throws IOException {
      byte[] single = new byte[1];
      return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      if (n > 0) collect(buffer, offset, n);
      return n;
    }

    private void collect(byte[] buffer, int offset, int count) {
      if (tooLarge) return;
      tooLarge = collected.size() + count > RecentLists.maxListBytes() || !charge(count);
      if (tooLarge) {
        collected.reset();
      } else {
        collected.write(buffer, offset, count);
      }
    }

    // The array of the stream is up to twice as large as its contents, and is copied at the end.
    private boolean charge(int count) {
      while (charged < 3L * (collected.size() + count)) {
        if (!memory.tryTake(STEP)) return false;
        charged += STEP;
      }
      return true;
    }

    /// Ends the charge, and returns the list; empty if it was too large to be kept.
    ///
    /// @param response the response that was read to its end
    /// @param version when it was requested
    public Optional<RecentList> finish(NodeResponse response, long version) {
      memory.give(charged);
      charged = 0;
      if (tooLarge) return Optional.empty();
      return Optional.of(
          new RecentList(
              response.node(),
              response.headers(),
              ByteString.copyOf(collected.toByteArray()),
              version));
    }
  }

  private record KeptResponse(RecentList list, InputStream body) implements NodeResponse {
    KeptResponse(RecentList list) {
      this(list, list.bytes().newInputStream());
    }

    @Override
    public Node node() {
      return list.node();
    }

    @Override
    public int status() {
      return 200;
    }

    @Override
    public String reason() {
      return "OK";
    }

    @Override
    public Headers headers() {
      return list.headers();
    }

    @Override
    public ByteBuffer peek() {
      return list.bytes().asReadOnlyBuffer();
    }

    @Override
    public Headers trailers() {
      return Headers.empty();
    }

    @Override
    public void close() {
      // There is no connection.
    }
  }
}
