package packhorse.exchange;

import java.util.List;
import java.util.Optional;
import packhorse.node.Node;
import packhorse.node.Route;
import packhorse.wire.Push;
import packhorse.wire.PushReport;

/// Who produced the bytes that the client got, and how many. Immutable.
///
/// @param route the last route that was taken
/// @param node who answered in the end
/// @param status the node's HTTP status
/// @param bytes of body given to the client
/// @param failures what went wrong at nodes before one answered, unseen by the client
/// @param push the commands of a push
/// @param report what the node said of them
public record Answer(
    Route route,
    Node node,
    int status,
    long bytes,
    List<String> failures,
    Optional<Push> push,
    Optional<PushReport> report) {
  public Answer {
    failures = List.copyOf(failures);
  }
}
