package packhorse.wire.pkt;

import java.nio.ByteBuffer;
import packhorse.wire.ResponseObserver;

/// Observes the response to a v2 command and detects whether it is complete: every such response
/// ends with a flush. A node that fails in the middle of a response over HTTP gives no other sign
/// of it, and a client over SSH would wait for the rest.
public final class FinalFlushDetector implements ResponseObserver {

  private final ResponseObserver delegate;
  private final PktScanner scanner = new PktScanner(new FlushHandler());
  private boolean flushWasLast;
  private boolean hasError;

  /// @param delegate an observer to which all bytes are passed on
  public FinalFlushDetector(ResponseObserver delegate) {
    this.delegate = delegate;
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    scanner.scan(bytes, bytes.position(), bytes.limit());
    delegate.onBytes(bytes);
  }

  @Override
  public void onEnd() {
    hasError |= scanner.atMalformedLength();
    delegate.onEnd();
  }

  /// Whether the last pkt so far is a flush.
  public boolean complete() {
    return flushWasLast && scanner.atPktBoundary();
  }

  /// Whether the response reports an error (`ERR`), or is not in pkt-line format.
  public boolean hasError() {
    return hasError;
  }

  @Override
  public boolean isTruncated() {
    return delegate.isTruncated();
  }

  private final class FlushHandler implements PktScanner.Handler {
    private boolean atPktStart;

    @Override
    public void onSpecialPkt(int length) {
      flushWasLast = length == 0;
    }

    @Override
    public void onPktStart(int size) {
      flushWasLast = false;
      atPktStart = true;
    }

    // No other line of a ref advertisement or of a response to a v2 command begins with an E.
    @Override
    public void onPktBytes(ByteBuffer bytes, int from, int to) {
      hasError |= atPktStart && bytes.get(from) == 'E';
      atPktStart = false;
    }

    @Override
    public void onPktEnd() {}

    @Override
    public void onMalformedLength(byte[] header) {
      flushWasLast = false;
      hasError = true;
    }
  }
}
