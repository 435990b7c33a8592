package packhorse.exchange.refs;

import java.nio.ByteBuffer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.node.NodeResponse;
import packhorse.wire.ResponseObserver;
import packhorse.wire.pkt.FinalFlushDetector;

/// Observes a ref advertisement or a response to `ls-refs`, which is complete if it ends with a
/// flush.
public final class ListObserver implements AnswerObserver {
  private static final AnswerResult REF_LIST = new AnswerResult.RefList();

  private final FinalFlushDetector end;

  private ListObserver(ResponseObserver delegate) {
    this.end = new FinalFlushDetector(delegate);
  }

  /// An observer of this response.
  ///
  /// @param delegate an observer of the list to which all bytes are passed on; not used if the node
  ///   sent no list
  public static AnswerObserver of(NodeResponse response, ResponseObserver delegate) {
    return response.status() == 200 ? new ListObserver(delegate) : AnswerObserver.of(REF_LIST);
  }

  @Override
  public AnswerResult result() {
    return REF_LIST;
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    end.onBytes(bytes);
  }

  @Override
  public void onEnd() {
    end.onEnd();
  }

  @Override
  public boolean isTruncated() {
    return !end.complete() && !end.hasError();
  }
}
