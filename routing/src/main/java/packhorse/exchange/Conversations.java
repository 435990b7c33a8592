package packhorse.exchange;

import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// How an exec over SSH is answered.
final class Conversations {
  Answer answer(Permit permit, Routes routes, ConversationClient client) throws Refused {
    if (client.begun()) throw new IllegalStateException("a conversation begins here");
    throw new Refused(Refusal.notServed("git over SSH is not served here"));
  }
}
