package packhorse.it.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// What a [PlainNode] has heard, what it is to do wrong, and what runs for it. Shared by all its
/// threads and the test's.
final class NodeMemory {
  private final List<Hearing> heard = new CopyOnWriteArrayList<>();
  private final List<Fault.Planned> planned = new ArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean paused;
  private int resumed;

  Hearing hear(Request request) {
    Hearing hearing = new Hearing(request);
    heard.add(hearing);
    return hearing;
  }

  List<SeenRequest> seen() {
    return heard.stream().map(Hearing::seen).toList();
  }

  void forget() {
    heard.clear();
    complaints.clear();
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }

  void plan(Fault.Planned fault) {
    lock.lock();
    try {
      planned.add(fault);
    } finally {
      lock.unlock();
    }
  }

  @Nullable Fault faultFor(SeenRequest request) {
    lock.lock();
    try {
      for (int i = 0; i < planned.size(); i++) {
        Fault.Planned plan = planned.get(i);
        if (!plan.when().test(request)) continue;
        planned.remove(i);
        if (plan.times() > 1)
          planned.add(i, new Fault.Planned(plan.times() - 1, plan.when(), plan.fault()));
        return plan.fault();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  void running(Process git) {
    running.add(git);
  }

  void ended(Process git, String errors) {
    running.remove(git);
    if (!errors.isBlank()) complaints.add(errors.strip());
  }

  void killAll() {
    for (Process git : running) {
      git.descendants().forEach(ProcessHandle::destroyForcibly);
      git.destroyForcibly();
    }
  }

  void pause(boolean yes) {
    lock.lock();
    try {
      paused = yes;
      if (!yes) resumed++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void awaitOpen() throws InterruptedException {
    lock.lock();
    try {
      while (paused) changed.await();
    } finally {
      lock.unlock();
    }
  }

  void awaitResumed() throws InterruptedException {
    lock.lock();
    try {
      int before = resumed;
      while (resumed == before) changed.await();
    } finally {
      lock.unlock();
    }
  }
}
