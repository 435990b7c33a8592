package packhorse.it.replicas;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;
import packhorse.node.NodeHealth;

/// What happened to the nodes of a round and when: the test killed or paused one, the proxy marked
/// one down or up, which is read from the proxy's log. For any thread. Times are those of
/// [System#nanoTime()].
final class NodeTimeline extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(NodeHealth.class);
  private final List<NodeState> nodes = new ArrayList<>();
  private final List<Long> markedDown = new ArrayList<>();

  /// The state of one node.
  private static final class NodeState {
    private final Set<String> troubles = new HashSet<>();
    private long availableSince = System.nanoTime();
    private long downSince = Long.MAX_VALUE;
  }

  /// Begins to read the log of a proxy that has started.
  NodeTimeline(int count) {
    for (int i = 0; i < count; i++) nodes.add(new NodeState());
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(this);
    start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.getKeyValuePairs().stream()
        .filter(pair -> pair.key.equals("node"))
        .map(pair -> String.valueOf(pair.value))
        .forEach(name -> healthChanged(name, event.getFormattedMessage().equals("node is down")));
  }

  private synchronized void healthChanged(String name, boolean down) {
    NodeState node = nodes.get(Integer.parseInt(name.substring("node-".length())));
    change(node, "down", down);
    node.downSince = down ? System.nanoTime() : Long.MAX_VALUE;
    if (down) markedDown.add(node.downSince);
  }

  /// Records that the test kills or pauses a node, or that it has restored it.
  synchronized void disturb(int node, boolean disturbed) {
    change(nodes.get(node), "disturbed", disturbed);
  }

  private static void change(NodeState node, String trouble, boolean begins) {
    if (begins) {
      node.troubles.add(trouble);
    } else if (node.troubles.remove(trouble) && node.troubles.isEmpty()) {
      node.availableSince = System.nanoTime();
    }
  }

  /// Returns whether a node has been available without a break since this time.
  synchronized boolean isAvailableSince(int node, long time) {
    NodeState state = nodes.get(node);
    return state.troubles.isEmpty() && state.availableSince - time <= 0;
  }

  /// Returns how long something that has just ended went on after a node had been marked down, in
  /// nanoseconds: the longest time, if it was several nodes; 0 if it was none.
  ///
  /// @param start when it began
  synchronized long timeAfterDown(long start) {
    long now = System.nanoTime();
    long longest = 0;
    for (long down : markedDown) if (down - start >= 0) longest = Math.max(longest, now - down);
    boolean downAtStart = nodes.stream().anyMatch(node -> node.downSince - start < 0);
    return downAtStart ? now - start : longest;
  }

  /// Returns how often a node was marked down.
  synchronized int downCount() {
    return markedDown.size();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    logger.setLevel(null);
    stop();
  }
}
