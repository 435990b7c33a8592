package packhorse.exchange;

import java.util.List;
import java.util.Optional;
import packhorse.node.NodeAnswer;
import packhorse.node.Route;
import packhorse.wire.Push;
import packhorse.wire.PushReport;

/// A node's answer whose head was read, the route that led to it, and what failed before.
record Asked(Route route, NodeAnswer answer, List<String> failures) implements AutoCloseable {
  Asked {
    failures = List.copyOf(failures);
  }

  boolean ok() {
    return answer.status() == 200;
  }

  /// The same with the answer in another dialect.
  Asked retold(NodeAnswer other) {
    return new Asked(route, other, failures);
  }

  Answer given(long bytes) {
    return given(bytes, Optional.empty(), Optional.empty());
  }

  Answer given(long bytes, Optional<Push> push, Optional<PushReport> report) {
    return new Answer(route, answer.node(), answer.status(), bytes, failures, push, report);
  }

  @Override
  public void close() {
    answer.close();
  }
}
