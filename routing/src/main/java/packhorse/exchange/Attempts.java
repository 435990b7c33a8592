package packhorse.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import packhorse.node.ClientGone;
import packhorse.node.Node;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.node.Nodes;
import packhorse.node.Route;
import packhorse.node.Silence;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// What came of asking the nodes of one route: the failures, and the best answer that was not good
/// enough to stop at. For one thread; closing it closes the answers that nobody took.
final class Attempts implements AutoCloseable {
  private final Route route;
  private final Nodes nodes;
  private final List<String> failures = new ArrayList<>();
  private final List<Node> ailing = new ArrayList<>();
  private @Nullable NodeAnswer kept;
  private @Nullable Refusal last;

  Attempts(Route route, Nodes nodes) {
    this.route = route;
    this.nodes = nodes;
  }

  /// Waits for the first byte of a good answer, which decides: until it is here, another node can
  /// be asked.
  ///
  /// @param git whether the answer is to be git's
  /// @return false for a page where git's answer is due; the answer is closed then
  /// @throws NodeFailure when the node breaks off before its first byte; the answer is closed
  /// @throws ClientGone when the client leaves meanwhile; the answer is closed
  boolean begun(NodeAnswer answer, boolean git, Silence silence) throws NodeFailure, ClientGone {
    if (answer.status() != 200) return true;
    boolean page = false;
    try {
      answer.await(silence);
      page = page(answer, answer.peek()) && git;
      if (!page) return true;
    } catch (NodeFailure | ClientGone e) {
      answer.close();
      throw e;
    }
    answer.close();
    String name = answer.node().name();
    remember(answer.node(), "node \"" + name + "\": answered with a page");
    last = nodeFailed("the node " + name + " answered with a page where git's answer is due");
    return false;
  }

  // no answer of git's begins with what every page begins with; one that is git's under the wrong
  // type is for git to judge
  private static boolean page(NodeAnswer answer, ByteBuffer first) {
    String type = answer.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (first.hasRemaining() && first.get(first.position()) == '<') return true;
    return type.startsWith("text/html") && !beginsWithPkt(first);
  }

  private static boolean beginsWithPkt(ByteBuffer first) {
    if (first.remaining() < 4) return false;
    for (int at = first.position(); at < first.position() + 4; at++) {
      if (Character.digit(first.get(at), 16) < 0) return false;
    }
    return true;
  }

  /// A node did not answer.
  void failed(NodeFailure failure) {
    remember(failure.node(), String.valueOf(failure.getMessage()));
    String name = failure.node().name();
    last =
        failure.sent()
            ? nodeFailed("the node " + name + " failed before it had answered")
            : Refusal.nodeDown("the node " + name + " cannot be reached");
  }

  private static Refusal nodeFailed(String sentence) {
    return Refusal.nodeFailed(sentence);
  }

  private void remember(Node node, String failure) {
    nodes.health(node).failed(failure);
    failures.add(failure);
  }

  /// An answer that another node may better. A no of git's is kept rather than an error of the
  /// node's, the first rather than a later one.
  void keep(NodeAnswer answer) {
    if (answer.status() >= 500) ailing.add(answer.node());
    NodeAnswer other = kept;
    if (other == null) {
      kept = answer;
    } else if (other.status() >= 500 && answer.status() < 500) {
      dropped(other);
      kept = answer;
    } else {
      dropped(answer);
    }
  }

  private void dropped(NodeAnswer answer) {
    failures.add("node \"" + answer.node().name() + "\": status " + answer.status());
    answer.close();
  }

  /// The answer that it is. A node that said 5xx where another one could answer is not well; where
  /// all say so, it is the question, and a repository that is broken must not take all nodes down.
  Asked taken(NodeAnswer answer) {
    if (kept != null) dropped(kept);
    kept = null;
    if (answer.status() < 500) {
      // what is long enough to break off in counts when it has come whole
      if (answer.status() != 200) nodes.health(answer.node()).answered();
      ailing.forEach(node -> nodes.health(node).failed("answers 5xx where others do not"));
    }
    return new Asked(route, answer, failures);
  }

  /// What is left when no node gave a good answer.
  Asked best() throws Refused {
    NodeAnswer answer = kept;
    if (answer != null) {
      kept = null;
      return taken(answer);
    }
    Refusal refusal = last;
    if (refusal == null) throw new IllegalStateException("a route without nodes");
    throw new Refused(new Refusal(refusal.kind(), refusal.sentence(), String.join("; ", failures)));
  }

  @Override
  public void close() {
    if (kept != null) kept.close();
  }
}
