package packhorse.wire.fetch;

import java.util.List;
import packhorse.wire.ObjectId;

/// The changes to the client's shallow boundary in a response: commits that become shallow, and
/// commits that no longer are.
public record ShallowUpdate(List<ObjectId> shallow, List<ObjectId> unshallow) {

  public static final ShallowUpdate NONE = new ShallowUpdate(List.of(), List.of());

  public ShallowUpdate {
    shallow = List.copyOf(shallow);
    unshallow = List.copyOf(unshallow);
  }
}
