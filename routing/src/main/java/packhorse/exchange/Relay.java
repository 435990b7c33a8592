package packhorse.exchange;

import java.io.IOException;
import packhorse.node.AdvertisedTips;
import packhorse.policy.Permit;
import packhorse.wire.TipsWatch;
import packhorse.wire.Watch;

/// Hands a node's answer to a client over HTTP as it is.
final class Relay {
  private final AdvertisedTips tips;

  Relay(AdvertisedTips tips) {
    this.tips = tips;
  }

  Answer whole(Permit permit, Asked asked, StatelessClient client) throws IOException {
    return asked.given(relay(permit, asked, client, Watch.none()));
  }

  /// A list of refs: what the node advertised is remembered, where nodes can differ.
  Answer advertisement(Permit permit, Asked asked, StatelessClient client) throws IOException {
    if (!asked.ok() || !permit.nodesDiffer()) {
      return whole(permit, asked, client);
    }
    TipsWatch watch = new TipsWatch(AdvertisedTips.MOST_IDS);
    long bytes = relay(permit, asked, client, watch);
    // a v2 capability list names no object: what was known stays
    watch.tips().filter(ids -> ids.size() > 0).ifPresent(ids -> tips.advertised(permit, ids));
    return asked.given(bytes);
  }

  long relay(Permit permit, Asked asked, StatelessClient client, Watch watch) throws IOException {
    var headers = NodeHeaders.forClient(asked.answer(), permit.calledAs());
    return client.relay(asked.answer(), headers, watch);
  }
}
