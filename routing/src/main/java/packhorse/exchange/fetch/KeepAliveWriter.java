package packhorse.exchange.fetch;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.ConversationClient;
import packhorse.exchange.call.ProtocolErrors;
import packhorse.exchange.call.RoutedResponse;
import packhorse.exchange.call.StatelessClient;
import packhorse.exchange.call.StatusMessages;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeResponse;
import packhorse.node.TranslatedResponse;
import packhorse.node.WaitListener;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.wire.ByteString;
import packhorse.wire.WireLimits;
import packhorse.wire.fetch.ResponsePrefix;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Keeps one client waiting for its pack while a node is silent: sends the bytes with which the
/// response is certain to begin, then empty side-band frames, so that neither the client nor
/// anything between times out. What follows continues after those bytes: the remainder of the
/// response, an error of the node, or a refusal. Created by [PackFetcher], used on the request's
/// thread.
final class KeepAliveWriter implements WaitListener {
  // the headers that git http-backend sends with a result
  private static final Headers RESULT_HEADERS =
      Headers.empty()
          .plus("Expires", "Fri, 01 Jan 1980 00:00:00 GMT")
          .plus("Pragma", "no-cache")
          .plus("Cache-Control", "no-cache, max-age=0, must-revalidate")
          .plus("Content-Type", "application/x-git-upload-pack-result");

  private final Client client;
  private final Optional<ResponsePrefix> prefix;
  private final Duration interval;
  private final LongSupplier nanoTime;
  private long nextWrite;
  private boolean hasWritten;

  /// @param prefix the certain beginning of the response; if empty, nothing is sent before the node
  ///   responds
  /// @param interval the longest time without a byte for the client
  KeepAliveWriter(
      Client client, Optional<ResponsePrefix> prefix, Duration interval, LongSupplier nanoTime) {
    this.client = client;
    this.prefix = prefix;
    this.interval = interval;
    this.nanoTime = nanoTime;
    this.nextWrite = nanoTime.getAsLong() + interval.toNanos();
  }

  @Override
  public Duration timeToNextCall() {
    if (prefix.isEmpty()) return WaitListener.none().timeToNextCall();
    return Duration.ofNanos(Math.max(0, nextWrite - nanoTime.getAsLong()));
  }

  @Override
  public void stillWaiting() throws ClientGoneException {
    if (prefix.isEmpty()) return;
    ByteString start = hasWritten ? ByteString.EMPTY : prefixBytes();
    ByteString bytes = start.concat(ResponsePrefix.KEEP_ALIVE);
    hasWritten = true;
    switch (client) {
      case StatelessClient http -> http.sendEarly(RESULT_HEADERS, bytes);
      case ConversationClient ssh -> ssh.sendEarly(bytes);
    }
    nextWrite = nanoTime.getAsLong() + interval.toNanos();
  }

  /// This listener for as long as the client is there: it ends the wait when the client has left.
  WaitListener whilePresent() {
    return withCheck(client::requirePresent);
  }

  /// Whether the client received anything.
  boolean hasWritten() {
    return hasWritten;
  }

  /// The beginning of the response that the client has received already, without keep-alives.
  ByteString writtenPrefix() {
    return hasWritten ? prefixBytes() : ByteString.EMPTY;
  }

  private ByteString prefixBytes() {
    return prefix.map(ResponsePrefix::toByteString).orElse(ByteString.EMPTY);
  }

  /// Returns the part of a response that the client has not received yet. The response is closed if
  /// this throws.
  ///
  /// @throws RefusalException if the client received anything and the status is not 200, or the
  ///   response begins with something else than the prefix
  RoutedResponse remainder(RoutedResponse response) throws RefusalException, IOException {
    RoutedResponse reportable = requireReportable(response);
    boolean prefixHasLine = prefix.filter(start -> !start.line().isEmpty()).isPresent();
    if (!hasWritten || !prefixHasLine) return reportable;
    try {
      return withoutPrefix(reportable, prefix.get());
    } catch (RefusalException | IOException | RuntimeException e) {
      response.close();
      throw e;
    }
  }

  private RoutedResponse withoutPrefix(RoutedResponse response, ResponsePrefix expected)
      throws RefusalException, IOException {
    NodeResponse fromNode = response.nodeResponse();
    Pkt first = readPkt(fromNode);
    if (expected.matches(first)) return response;
    Optional<ByteString> error = ErrorPkts.errorText(first).flatMap(this::errorFrame);
    if (error.isPresent()) {
      return response.withResponse(TranslatedResponse.replaced(fromNode, error.get()));
    }
    String node = fromNode.node().name();
    throw new RefusalException(
        new Refusal(
            Refusal.Kind.NODE_FAILED,
            "the node " + node + " did not send the pack; please try again",
            "node \"" + node + "\": began with " + first + " instead of " + prefixBytes()));
  }

  private static Pkt readPkt(NodeResponse response) throws RefusalException, IOException {
    PktReader in = new PktReader(response.body(), WireLimits.PKT_BYTES);
    return ProtocolErrors.readFromNode(response.node(), in::read);
  }

  /// Returns the response if its status can still be reported to the client, or is 200.
  ///
  /// @throws RefusalException for another status if the client has received the status 200 already;
  ///   the response is closed
  RoutedResponse requireReportable(RoutedResponse response) throws RefusalException {
    if (!hasWritten) return response;
    try {
      StatusMessages.requireOk(response);
      return response;
    } catch (RefusalException e) {
      response.close();
      throw e;
    }
  }

  /// Returns the part of composed bytes that the client has not received yet.
  ///
  /// @param bytes begin with the prefix
  ByteString withoutWrittenPrefix(ByteString bytes) {
    if (!hasWritten) return bytes;
    ByteString written = prefixBytes();
    if (!bytes.startsWith(written)) {
      throw new IllegalStateException("expected to begin with " + written);
    }
    return bytes.substring(written.size());
  }

  /// An error of the node as a side-band frame, if the client has received a part of the response
  /// already.
  ///
  /// @param message the text after `ERR `, in wire form
  Optional<ByteString> errorFrame(String message) {
    return prefix
        .filter(_ -> hasWritten)
        .map(start -> ErrorPkts.relayedError(start.sideBand(), message));
  }
}
