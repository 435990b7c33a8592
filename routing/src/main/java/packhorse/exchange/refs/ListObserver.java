package packhorse.exchange.refs;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.exchange.call.AnswerResult.ListAge;
import packhorse.node.NodeResponse;
import packhorse.wire.ResponseObserver;
import packhorse.wire.pkt.FinalFlushDetector;
import packhorse.wire.refs.EmptyAdvertisement;

/// Observes a ref advertisement or a response to `ls-refs`, which is complete if it ends with a
/// flush. A server of the dumb protocol responds with the file `info/refs` instead, which has no
/// such end and may be empty; only there, a name of an object is followed by a tab. A list that
/// ends after the line with the name of the service has no refs, not even the capabilities that an
/// empty repository has: some servers send it when git has failed.
public final class ListObserver implements AnswerObserver {
  private static final AnswerResult REF_LIST = new AnswerResult.RefList();

  private final FinalFlushDetector end;
  private final Supplier<ListAge> age;
  private final boolean mayBeFile;
  // the beginning of the list, as far as it could be an empty one
  private final ByteBuffer start = ByteBuffer.allocate(EmptyAdvertisement.MAX_BYTES + 1);
  private boolean separatorSeen;
  private boolean dumb;

  private ListObserver(ResponseObserver delegate, Supplier<ListAge> age, boolean mayBeFile) {
    this.end = new FinalFlushDetector(delegate);
    this.age = age;
    this.mayBeFile = mayBeFile;
  }

  /// An observer of this response.
  ///
  /// @param delegate an observer of the list to which all bytes are passed on; not used if the node
  ///   sent no list
  public static AnswerObserver of(NodeResponse response, ResponseObserver delegate) {
    return of(response, delegate, () -> ListAge.CURRENT, false);
  }

  /// The same for a list that may be old.
  ///
  /// @param age called when the list has ended
  /// @param mayBeFile whether the node may send the file of the dumb protocol
  static AnswerObserver of(
      NodeResponse response, ResponseObserver delegate, Supplier<ListAge> age, boolean mayBeFile) {
    return response.status() == 200
        ? new ListObserver(delegate, age, mayBeFile)
        : AnswerObserver.of(REF_LIST);
  }

  @Override
  public AnswerResult result() {
    return new AnswerResult.RefList(age.get());
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit() && !separatorSeen; i++) {
      dumb = bytes.get(i) == '\t';
      separatorSeen = dumb || bytes.get(i) == ' ';
    }
    if (start.hasRemaining()) {
      start.put(bytes.slice(bytes.position(), Math.min(start.remaining(), bytes.remaining())));
    }
    end.onBytes(bytes);
  }

  @Override
  public void onEnd() {
    end.onEnd();
  }

  @Override
  public boolean isTruncated() {
    if (start.position() == 0 && mayBeFile) return false;
    if (EmptyAdvertisement.isEmpty(start.duplicate().flip())) return true;
    return !dumb && !end.complete() && !end.hasError();
  }
}
