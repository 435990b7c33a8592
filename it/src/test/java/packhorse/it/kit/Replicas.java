package packhorse.it.kit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A primary and replicas that follow it, each after a while of its own that changes from time to
/// time. For any thread.
public final class Replicas implements AutoCloseable {
  private final List<Repositories> disks = new ArrayList<>();
  private final List<PlainNode> nodes = new ArrayList<>();
  private final List<Thread> following = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final int mostLagMillis;

  /// @param replicas how many, besides the primary
  /// @param mostLagMillis how long a replica waits at most before it follows
  /// @param v0Only whether the nodes know protocol v0 alone
  public Replicas(Path folder, int replicas, int mostLagMillis, boolean v0Only) {
    this.mostLagMillis = mostLagMillis;
    for (int i = 0; i <= replicas; i++) {
      Path own = folder.resolve("node-" + i);
      Repositories disk = new Repositories(own.resolve("repositories"), own.resolve("home"));
      disks.add(disk);
      NodeOptions options = NodeOptions.of(disk.root());
      nodes.add(PlainNode.start(v0Only ? options.v0Only() : options));
    }
  }

  /// The same sample everywhere.
  public Repository sample(String name) {
    disks.forEach(disk -> disk.sample(name));
    return primary(name);
  }

  /// The repository at the primary.
  public Repository primary(String name) {
    return disks.getFirst().open(name);
  }

  public PlainNode node(int number) {
    return nodes.get(number);
  }

  /// The nodes as a pool: `node-0` is the primary.
  public ProxyText pool(ProxyText text) {
    for (int i = 0; i < nodes.size(); i++) text.node("node-" + i, nodes.get(i).url());
    return text.pool("storage: replicated").pool("primary: node-0");
  }

  /// From now on every replica follows this repository, again and again, each time after another
  /// while.
  public void follow(String name) {
    for (int i = 1; i < disks.size(); i++) {
      Repositories replica = disks.get(i);
      Random random = new Random(i);
      following.add(Thread.ofPlatform().start(() -> follow(name, replica, random)));
    }
  }

  private void follow(String name, Repositories replica, Random random) {
    try {
      while (!end.await(random.nextInt(mostLagMillis), TimeUnit.MILLISECONDS)) copy(name, replica);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Makes every replica what the primary is now.
  public void catchUp(String name) {
    for (int i = 1; i < disks.size(); i++) copy(name, disks.get(i));
  }

  private void copy(String name, Repositories replica) {
    String from = primary(name).git().directory().toString();
    // as a pack, which comes whole: of loose objects a commit can be there before its folders
    GitRunner git = replica.open(name).git().set("fetch.unpackLimit", "1");
    git.git("fetch", "-q", "--prune", from, "+refs/*:refs/*").expectSuccess();
  }

  @Override
  public void close() {
    end.countDown();
    try {
      for (Thread thread : following) thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    nodes.forEach(PlainNode::close);
  }
}
