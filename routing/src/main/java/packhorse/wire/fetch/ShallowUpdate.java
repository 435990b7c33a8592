package packhorse.wire.fetch;

import java.util.List;
import java.util.stream.Stream;
import packhorse.wire.ObjectId;

/// The changes to the client's shallow boundary in a response: commits that become shallow, and
/// commits that no longer are.
public record ShallowUpdate(List<ObjectId> shallow, List<ObjectId> unshallow) {

  public static final ShallowUpdate NONE = new ShallowUpdate(List.of(), List.of());

  public ShallowUpdate {
    shallow = List.copyOf(shallow);
    unshallow = List.copyOf(unshallow);
  }

  /// The texts of the pkts of this update, in git's order. Git ends none of them with a LF.
  public Stream<String> pktTexts() {
    return Stream.concat(
        shallow.stream().map(id -> "shallow " + id),
        unshallow.stream().map(id -> "unshallow " + id));
  }
}
