package packhorse.it.kit.proxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.Repositories;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.node.NodeOptions;
import packhorse.it.kit.node.PlainNode;

/// A primary node and replicas that are updated from it, each with a lag that changes from time to
/// time. For any thread.
public final class ReplicaSet implements AutoCloseable {
  private final List<Repositories> repositories = new ArrayList<>();
  private final List<PlainNode> nodes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final int maxLagMillis;

  /// @param replicas the number of replicas, without the primary
  /// @param maxLagMillis how long a replica waits at most before it is updated
  /// @param v0Only whether the nodes speak protocol v0 only
  public ReplicaSet(Path folder, int replicas, int maxLagMillis, boolean v0Only) {
    this.maxLagMillis = maxLagMillis;
    for (int i = 0; i <= replicas; i++) {
      Path nodeFolder = folder.resolve("node-" + i);
      Repositories replica =
          new Repositories(nodeFolder.resolve("repositories"), nodeFolder.resolve("home"));
      repositories.add(replica);
      NodeOptions options = NodeOptions.of(replica.root());
      nodes.add(PlainNode.start(v0Only ? options.v0Only() : options));
    }
  }

  /// Creates the same sample repository at every node.
  ///
  /// @return the repository at the primary
  public Repository sample(String name) {
    repositories.forEach(replica -> replica.sample(name));
    return primary(name);
  }

  /// Returns the repository at the primary.
  public Repository primary(String name) {
    return repositories.getFirst().open(name);
  }

  /// Returns the repository at a node.
  public Repository repository(int node, String name) {
    return repositories.get(node).open(name);
  }

  public PlainNode node(int number) {
    return nodes.get(number);
  }

  /// Adds the nodes to a configuration as a replicated pool with `node-0` as its primary.
  public ProxyConfig addTo(ProxyConfig config) {
    for (int i = 0; i < nodes.size(); i++) config.node("node-" + i, nodes.get(i).url());
    return config.pool("storage: replicated").pool("primary: node-0");
  }

  /// Starts to update this repository at every replica, again and again, with a random lag each
  /// time.
  public void startReplication(String name) {
    startReplication(name, 0);
  }

  /// Starts to update this repository at every replica, with the lags that a seed determines. A
  /// replica is not updated while it or the primary is killed or paused.
  public void startReplication(String name, long seed) {
    for (int i = 1; i < repositories.size(); i++) {
      int replica = i;
      Random random = new Random(seed + i);
      threads.add(Thread.ofPlatform().start(() -> replicate(name, replica, random)));
    }
  }

  private void replicate(String name, int replica, Random random) {
    try {
      while (!stopped.await(random.nextInt(maxLagMillis), TimeUnit.MILLISECONDS)) {
        if (node(0).isServing() && node(replica).isServing())
          update(name, repositories.get(replica));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Updates this repository at every replica now.
  public void replicateNow(String name) {
    for (int i = 1; i < repositories.size(); i++) update(name, repositories.get(i));
  }

  private void update(String name, Repositories replica) {
    String source = primary(name).git().directory().toString();
    // As a pack, which arrives as a whole: of loose objects a commit can be there before its trees.
    GitRunner git = replica.open(name).git().config("fetch.unpackLimit", "1");
    git.run("fetch", "-q", "--prune", source, "+refs/*:refs/*").expectSuccess();
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      for (Thread thread : threads) thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    nodes.forEach(PlainNode::close);
  }
}
