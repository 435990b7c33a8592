package packhorse.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;

/// Orders the nodes of a pool for a repository by rendezvous hashing (highest random weight), so
/// that every proxy prefers the same node. When a node is added or removed, the preferred node
/// changes only for the repositories that prefer that node. Called on any thread.
final class RendezvousHash {
  private RendezvousHash() {}

  /// Returns the nodes in the order for a repository, the preferred node first.
  static List<NodeHealth> order(String repositoryName, List<NodeHealth> nodes) {
    return nodes.stream()
        .sorted(
            Comparator.comparingDouble((NodeHealth node) -> -score(repositoryName, node.node())))
        .toList();
  }

  // The score is weight / -ln(uniform), where `uniform` is a pseudo-random number for the node and
  // the repository. With this formula the nodes' shares of the repositories are proportional to
  // their weights. 52 bits of the hash are used, and 0.5 is added, so that `uniform` is exact and
  // neither 0 nor 1.
  private static double score(String repositoryName, Node node) {
    double uniform = ((hash(node.name() + "\n" + repositoryName) >>> 12) + 0.5) / (1L << 52);
    return node.weight() / -Math.log(uniform);
  }

  private static long hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
