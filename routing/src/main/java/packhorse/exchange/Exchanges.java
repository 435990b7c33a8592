package packhorse.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.Nodes;
import packhorse.node.Offers;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.request.Refused;

/// How each operation is answered. Called by the pipeline with the permit in hand, on the request's
/// thread.
public final class Exchanges {
  /// How long a client that reads slowly may keep others from asking for the same list.
  private static final Duration LISTS_PATIENCE = Duration.ofSeconds(3);

  private final StatelessExchanges stateless;
  private final Conversations conversations;
  private final Nodes nodes;

  /// What the configuration says about exchanges.
  ///
  /// @param actAs whom the nodes of each pool see where the proxy did the checking
  /// @param pushLimit the largest push in bytes, if there is a limit
  /// @param spools a directory for what does not fit into memory; readable by us alone
  /// @param keepAlive how long a client that waits for a pack hears nothing
  public record Terms(
      Map<String, ActAs> actAs, OptionalLong pushLimit, Path spools, Duration keepAlive) {
    public Terms {
      actAs = Map.copyOf(actAs);
    }
  }

  /// @param link the connections to the nodes
  /// @param nodes whose health the answers of nodes tell
  /// @param policy asked again once the commands of a push are known
  public Exchanges(NodeLink link, Nodes nodes, AdvertisedTips tips, Policy policy, Terms terms) {
    this.nodes = nodes;
    Asking asking = new Asking(link, nodes);
    NodeCalls calls = new NodeCalls(terms.actAs());
    Relay relay = new Relay();
    Beforehand beforehand = new Beforehand();
    Spools spools = new Spools(terms.spools());
    SharedAsks asks = new SharedAsks(spools, this::count, LISTS_PATIENCE);
    RefLists lists = new RefLists(asking, calls, tips, asks, beforehand);
    Packs packs =
        new Packs(asking, new Lacking(tips), beforehand, terms.keepAlive(), System::nanoTime);
    Offers offers = new Offers();
    V2FromV0 translation = new V2FromV0(calls, lists, packs, offers);
    Changed changed = new Changed(tips, offers);
    FetchExchange fetches = new FetchExchange(asking, calls, lists, packs, relay, translation);
    PushExchange pushes =
        new PushExchange(asking, calls, relay, changed, policy, terms.pushLimit());
    stateless = new StatelessExchanges(asking, calls, relay, fetches, pushes);
    conversations =
        new Conversations(
            new FetchConversation(asking, calls, lists, packs, translation),
            new PushConversation(asking, calls, changed, policy, terms.pushLimit()),
            new ArchiveConversation(asking, calls));
  }

  /// Answers the client, and says who produced the bytes.
  ///
  /// @throws Refused for a no of ours; the client has heard nothing of an answer yet, or can still
  ///   be told in its channel
  /// @throws IOException when the client went away or a node failed after the answer had begun
  public Answer answer(Permit permit, Routes routes, Client client) throws Refused, IOException {
    try {
      Answer answer =
          switch (client) {
            case StatelessClient http -> stateless.answer(permit, routes, http);
            case ConversationClient ssh -> conversations.answer(permit, routes, ssh);
          };
      nodes.health(answer.node()).answered();
      return answer;
    } catch (NodeFailure brokeOff) {
      count(brokeOff);
      throw brokeOff;
    } catch (Refused refused) {
      if (refused.getCause() instanceof NodeFailure brokeOff) count(brokeOff);
      throw refused;
    }
  }

  /// A node that breaks off in its answer is as ill as one that gives none. Where nothing moved for
  /// too long the client may be the one that did not read: that is not held against the node.
  private void count(NodeFailure brokeOff) {
    if (brokeOff.isKnown() || brokeOff.getCause() instanceof TimeoutException) return;
    nodes.health(brokeOff.node()).failed(String.valueOf(brokeOff.getMessage()));
  }
}
