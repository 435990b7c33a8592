package packhorse.exchange;

import java.io.IOException;
import packhorse.policy.Permit;
import packhorse.wire.Watch;

/// Hands a node's answer to a client over HTTP as it is.
final class Relay {
  Answer whole(Permit permit, Asked asked, StatelessClient client) throws IOException {
    return asked.given(relay(permit, asked, client, asked.watch()));
  }

  long relay(Permit permit, Asked asked, StatelessClient client, Watch watch) throws IOException {
    var headers = NodeHeaders.forClient(asked.answer(), permit.calledAs());
    return client.relay(asked.answer(), headers, watch);
  }
}
