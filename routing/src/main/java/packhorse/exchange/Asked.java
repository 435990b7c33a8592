package packhorse.exchange;

import java.util.List;
import java.util.Optional;
import packhorse.node.NodeAnswer;
import packhorse.node.Route;
import packhorse.wire.Push;
import packhorse.wire.PushReport;
import packhorse.wire.Watch;

/// A node's answer whose head was read, the route that led to it, and what failed before.
///
/// @param watch what is to see the bytes of the answer as they pass
/// @param ending what is done when the answer is over
record Asked(Route route, NodeAnswer answer, List<String> failures, Watch watch, Runnable ending)
    implements AutoCloseable {
  Asked {
    failures = List.copyOf(failures);
  }

  Asked(Route route, NodeAnswer answer, List<String> failures) {
    this(route, answer, failures, Watch.none(), () -> {});
  }

  /// The same, seen by a watch.
  Asked watched(Watch by) {
    return new Asked(route, answer, failures, by, ending);
  }

  /// The same, after which something is to be done.
  Asked ending(Runnable then) {
    return new Asked(route, answer, failures, watch, then);
  }

  boolean ok() {
    return answer.status() == 200;
  }

  /// The same with the answer in another dialect.
  Asked retold(NodeAnswer other) {
    return new Asked(route, other, failures, watch, ending);
  }

  Answer given(long bytes) {
    return given(bytes, Optional.empty(), Optional.empty());
  }

  Answer given(long bytes, Optional<Push> push, Optional<PushReport> report) {
    return new Answer(route, answer.node(), answer.status(), bytes, failures, push, report);
  }

  @Override
  public void close() {
    try {
      answer.close();
    } finally {
      ending.run();
    }
  }
}
