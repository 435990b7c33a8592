package packhorse.it.replicas;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import packhorse.it.kit.proxy.ReplicaSet;

/// What the threads of one round share.
///
/// @param nodes the primary is number 0
/// @param oldReads the reads that had to be answered with an old list
/// @param staleReads those that could have been answered with a newer list
/// @param stop counted down when the threads have to end
record Round(
    ReplicaSet nodes,
    NodeTimeline timeline,
    History history,
    Figures figures,
    List<OldRead> oldReads,
    List<OldRead> staleReads,
    CountDownLatch stop) {
  static final String REPOSITORY = "acme/app";

  /// The number of nodes.
  static final int NODES = 3;

  /// A read that was answered with an old list.
  record OldRead(Instant from, Instant to, String description) {
    boolean contains(Instant time) {
      return !time.isBefore(from) && !time.isAfter(to);
    }
  }

  Round(ReplicaSet nodes, NodeTimeline timeline) {
    this(
        nodes,
        timeline,
        new History(),
        new Figures(),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArrayList<>(),
        new CountDownLatch(1));
  }
}
