package packhorse.node;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;

/// Rendezvous hashing (highest random weight): every proxy puts the nodes in the same order for a
/// name, and a node that comes or goes moves only its own names.
final class Rendezvous {
  private Rendezvous() {}

  /// The nodes, the preferred one first.
  static List<NodeHealth> order(String name, List<NodeHealth> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparingDouble((NodeHealth node) -> -score(name, node.node())))
        .toList();
  }

  // weight / -ln(uniform), and 0 < uniform < 1 in all its 52 bits: shares are proportional to
  // weights
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
