package packhorse.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.ConversationClient;
import packhorse.exchange.call.FailoverClient;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.exchange.call.PushLog;
import packhorse.exchange.call.StatelessClient;
import packhorse.exchange.fetch.ArchiveConversation;
import packhorse.exchange.fetch.FetchConversation;
import packhorse.exchange.fetch.FetchDispatcher;
import packhorse.exchange.fetch.NotOurRefDetector;
import packhorse.exchange.fetch.PackFetcher;
import packhorse.exchange.fetch.StatelessFetch;
import packhorse.exchange.fetch.V2Translation;
import packhorse.exchange.lfs.LfsRelay;
import packhorse.exchange.push.PushApproval;
import packhorse.exchange.push.PushConversation;
import packhorse.exchange.push.PushInvalidation;
import packhorse.exchange.push.StatelessPush;
import packhorse.exchange.refs.AdvertisementCoalescer;
import packhorse.exchange.refs.FanOutBufferFactory;
import packhorse.exchange.refs.ReadAccessCache;
import packhorse.exchange.refs.RefAdvertisements;
import packhorse.exchange.refs.RefHistories;
import packhorse.exchange.web.VisitorCookie;
import packhorse.exchange.web.WebRelay;
import packhorse.memory.MemoryBudget;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeFailure;
import packhorse.node.NodeLink;
import packhorse.node.Nodes;
import packhorse.node.PermittedRoutes;
import packhorse.node.V0AdvertisementCache;
import packhorse.policy.Policy;
import packhorse.request.RefusalException;

/// Answers permitted requests from nodes. Called by the pipeline on the request's thread.
public final class Exchanges {
  // how long a response that is being relayed to a slow client may delay the next request for the
  // same advertisement
  private static final Duration MAX_ADVERTISEMENT_DELAY = Duration.ofSeconds(3);

  private final StatelessExchanges stateless;
  private final ConversationExchanges conversations;
  private final Nodes nodes;

  /// The settings of all exchanges.
  ///
  /// @param nodeIdentities what the proxy presents to the nodes of each pool when it authenticates
  ///   clients itself, by the pool's name
  /// @param pushLimit the largest push in bytes, if there is a limit
  /// @param uploadLimit the largest body of a request for a page or of a large file in bytes, if
  ///   there is a limit
  /// @param visitorCookie keeps visitors of pages on one node
  /// @param spillDirectory for shared responses that do not fit into memory; readable by the proxy
  ///   only
  /// @param memory for responses that several clients share
  /// @param keepAlive the longest time without a byte for a client that waits for a pack
  public record ExchangeSettings(
      Map<String, NodeIdentity> nodeIdentities,
      OptionalLong pushLimit,
      OptionalLong uploadLimit,
      VisitorCookie visitorCookie,
      Path spillDirectory,
      MemoryBudget memory,
      Duration keepAlive) {
    public ExchangeSettings {
      nodeIdentities = Map.copyOf(nodeIdentities);
    }
  }

  /// @param link sends requests to nodes
  /// @param nodes whose health is updated by their responses
  /// @param policy authorises the commands of a push once they are known
  /// @param pushLog records a push before its node hears of it
  public Exchanges(
      NodeLink link,
      Nodes nodes,
      AdvertisedTips tips,
      Policy policy,
      PushLog pushLog,
      ExchangeSettings settings) {
    this.nodes = nodes;
    PushApproval approval = new PushApproval(policy, pushLog);
    FailoverClient failover = new FailoverClient(link, nodes);
    NodeRequestFactory requests = new NodeRequestFactory(settings.nodeIdentities());
    ReadAccessCache readAccess = new ReadAccessCache();
    AdvertisementCoalescer coalescer =
        new AdvertisementCoalescer(
            new FanOutBufferFactory(settings.spillDirectory(), settings.memory()),
            this::recordFailure,
            MAX_ADVERTISEMENT_DELAY);
    RefHistories histories = new RefHistories(System::nanoTime);
    RefAdvertisements advertisements =
        new RefAdvertisements(failover, requests, tips, histories, coalescer, readAccess);
    PackFetcher packs =
        new PackFetcher(
            failover,
            advertisements,
            new NotOurRefDetector(tips),
            readAccess,
            settings.keepAlive(),
            System::nanoTime);
    V0AdvertisementCache v0Advertisements = new V0AdvertisementCache();
    V2Translation translation =
        new V2Translation(requests, advertisements, packs, v0Advertisements);
    FetchDispatcher dispatcher = new FetchDispatcher(requests, advertisements, packs, translation);
    PushInvalidation invalidation = new PushInvalidation(tips, histories, v0Advertisements);
    stateless =
        new StatelessExchanges(
            failover,
            requests,
            advertisements,
            new StatelessExchanges.Operations(
                new StatelessFetch(requests, advertisements, translation, dispatcher),
                new StatelessPush(failover, requests, invalidation, approval, settings.pushLimit()),
                new LfsRelay(failover, requests, settings.uploadLimit()),
                new WebRelay(
                    failover, requests, settings.visitorCookie(), settings.uploadLimit())));
    conversations =
        new ConversationExchanges(
            new FetchConversation(requests, advertisements, packs, translation, dispatcher),
            new PushConversation(failover, requests, invalidation, approval, settings.pushLimit()),
            new ArchiveConversation(requests, advertisements));
  }

  /// Answers the client.
  ///
  /// @return which node produced the response, and whether the client received all of it
  /// @throws RefusalException if the proxy refuses; the client has received no response yet, or can
  ///   still be told within it
  /// @throws IOException if the client left before a node had responded
  public Answer answer(PermittedRoutes routes, Client client) throws RefusalException, IOException {
    try {
      Answer answer =
          switch (client) {
            case StatelessClient http -> stateless.answer(routes, http);
            case ConversationClient ssh -> conversations.answer(routes, ssh);
          };
      recordHealth(answer);
      return answer;
    } catch (NodeFailure failure) {
      recordFailure(failure);
      throw failure;
    } catch (RefusalException refusal) {
      if (refusal.getCause() instanceof NodeFailure failure) recordFailure(failure);
      throw refusal;
    }
  }

  private void recordHealth(Answer answer) {
    if (answer.interruption().isEmpty()) {
      nodes.health(answer.node()).requestSucceeded();
    } else if (answer.interruption().get().cause() instanceof NodeFailure failure) {
      recordFailure(failure);
    }
  }

  /// Records a failure in the middle of a response, which counts as much as no response. A timeout
  /// does not count, because it may be the client that did not read.
  private void recordFailure(NodeFailure failure) {
    if (failure.isCounted() || failure.getCause() instanceof TimeoutException) return;
    nodes.health(failure.node()).responseFailed(String.valueOf(failure.getMessage()));
  }
}
