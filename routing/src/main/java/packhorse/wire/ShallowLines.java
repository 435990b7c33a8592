package packhorse.wire;

import java.util.List;

/// What an answer says about the ends of the client's history: commits that become shallow, and
/// those that no longer are.
public record ShallowLines(List<ObjectId> shallow, List<ObjectId> unshallow) {

  public static final ShallowLines NONE = new ShallowLines(List.of(), List.of());

  public ShallowLines {
    shallow = List.copyOf(shallow);
    unshallow = List.copyOf(unshallow);
  }
}
