package packhorse.demo;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Collects the events of all nodes in their order, and passes each on to a listener. Used on any
/// thread.
final class NodeEventLog implements Consumer<NodeEvent> {
  private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
  private final Consumer<NodeEvent> listener;

  NodeEventLog(Consumer<NodeEvent> listener) {
    this.listener = listener;
  }

  @Override
  public void accept(NodeEvent event) {
    events.add(event);
    listener.accept(event);
  }

  /// Returns all events so far.
  List<NodeEvent> events() {
    return List.copyOf(events);
  }
}
