package packhorse.demo;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What the nodes did, in order: so that the demo can say which node answered. For any thread.
final class NodeLog implements Consumer<NodeAnswer> {
  private final List<NodeAnswer> answers = new CopyOnWriteArrayList<>();
  private final Consumer<NodeAnswer> alsoTold;

  NodeLog(Consumer<NodeAnswer> alsoTold) {
    this.alsoTold = alsoTold;
  }

  @Override
  public void accept(NodeAnswer answer) {
    answers.add(answer);
    alsoTold.accept(answer);
  }

  /// All until now.
  List<NodeAnswer> answers() {
    return List.copyOf(answers);
  }
}
