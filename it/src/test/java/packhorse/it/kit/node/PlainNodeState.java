package packhorse.it.kit.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// The requests, planned faults and running processes of a [PlainNode]. Shared by the node's
/// threads and the thread of the test.
final class PlainNodeState {
  private final List<RequestRecorder> recorders = new CopyOnWriteArrayList<>();
  private final List<Fault.PlannedFault> plannedFaults = new ArrayList<>();
  private final List<String> gitErrors = new CopyOnWriteArrayList<>();
  private final Set<Process> processes = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean paused;
  private int resumeCount;
  private int killCount;

  RequestRecorder startRequest(Request request) {
    RequestRecorder recorder = new RequestRecorder(request);
    recorders.add(recorder);
    return recorder;
  }

  List<RecordedRequest> requests() {
    return recorders.stream().map(RequestRecorder::snapshot).toList();
  }

  void clear() {
    recorders.clear();
    gitErrors.clear();
  }

  List<String> gitErrors() {
    return List.copyOf(gitErrors);
  }

  void addFault(Fault.PlannedFault fault) {
    lock.lock();
    try {
      plannedFaults.add(fault);
    } finally {
      lock.unlock();
    }
  }

  @Nullable Fault faultFor(RecordedRequest request) {
    lock.lock();
    try {
      for (int i = 0; i < plannedFaults.size(); i++) {
        Fault.PlannedFault planned = plannedFaults.get(i);
        if (!planned.condition().test(request)) continue;
        plannedFaults.remove(i);
        if (planned.times() > 1)
          plannedFaults.add(
              i, new Fault.PlannedFault(planned.times() - 1, planned.condition(), planned.fault()));
        return planned.fault();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  void processStarted(Process git) {
    processes.add(git);
  }

  void processEnded(Process git, String errors) {
    processes.remove(git);
    if (!errors.isBlank()) gitErrors.add(errors.strip());
  }

  /// Kills the processes; requests that wait for the end of a pause are not served any more.
  void killAll() {
    lock.lock();
    try {
      killCount++;
    } finally {
      lock.unlock();
    }
    for (Process git : processes) {
      git.descendants().forEach(ProcessHandle::destroyForcibly);
      git.destroyForcibly();
    }
  }

  void setPaused(boolean newPaused) {
    lock.lock();
    try {
      paused = newPaused;
      if (!newPaused) resumeCount++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isPaused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
  }

  /// Waits while the node is paused.
  ///
  /// @throws IOException if the node is killed meanwhile
  void awaitNotPaused() throws InterruptedException, IOException {
    lock.lock();
    try {
      int earlier = killCount;
      while (paused) changed.await();
      if (killCount != earlier) throw new IOException("the node was killed");
    } finally {
      lock.unlock();
    }
  }

  void awaitResumed() throws InterruptedException {
    lock.lock();
    try {
      int earlier = resumeCount;
      while (resumeCount == earlier) changed.await();
    } finally {
      lock.unlock();
    }
  }
}
