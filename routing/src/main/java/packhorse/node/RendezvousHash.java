package packhorse.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;

/// Orders nodes by rendezvous hashing (highest random weight). Every proxy computes the same order
/// for a name, and adding or removing a node moves only the names of that node.
final class RendezvousHash {
  private RendezvousHash() {}

  /// Returns the nodes in their order for a name, the preferred node first.
  static List<NodeHealth> order(String name, List<NodeHealth> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparingDouble((NodeHealth node) -> -score(name, node.node())))
        .toList();
  }

  // The score is weight / -ln(uniform), with 0 < uniform < 1 in all of its 52 bits, so that the
  // shares of the nodes are proportional to their weights.
  private static double score(String name, Node node) {
    double uniform = ((hash(node.name() + "\n" + name) >>> 12) + 0.5) / (1L << 52);
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
