package packhorse.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.LongSupplier;
import packhorse.node.ClientGone;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.Refused;
import packhorse.wire.Fetch;
import packhorse.wire.Foretold;
import packhorse.wire.ObjectId;
import packhorse.wire.Pkt;

/// Asks for packs: of any node that has what is wanted, and while that one is silent (Gogs is, as
/// long as it counts) the client gets keep-alives of ours.
final class Packs {
  private final Asking asking;
  private final Lacking lacking;
  private final Beforehand beforehand;
  private final Duration keepAlive;
  private final LongSupplier nanoTime;

  /// @param keepAlive after how much silence a client is given something
  Packs(
      Asking asking,
      Lacking lacking,
      Beforehand beforehand,
      Duration keepAlive,
      LongSupplier nanoTime) {
    this.asking = asking;
    this.lacking = lacking;
    this.beforehand = beforehand;
    this.keepAlive = keepAlive;
    this.nanoTime = nanoTime;
  }

  /// Asks for the answer to a fetch, to be handed on as it is.
  ///
  /// @return the rest of it, behind what the client was given meanwhile
  Asked ask(Permit permit, Routes routes, NodeCall call, Fetch fetch, Client client)
      throws Refused, IOException {
    Optional<Foretold> foretold = Foretold.of(fetch);
    Meanwhile meanwhile = meanwhile(permit, foretold, client);
    Asked asked = ask(permit, routes.fetch(fetch), call, fetch.wants(), meanwhile);
    if (foretold.filter(Foretold::announcesPack).isPresent()) learn(permit, asked);
    return meanwhile.rest(asked);
  }

  /// Asks for an answer of which we ourselves say the beginning.
  Asked ask(
      Permit permit, Route route, NodeCall call, Collection<ObjectId> wants, Meanwhile meanwhile)
      throws Refused, ClientGone {
    return meanwhile.heard(asking.ask(permit, route, call, lacking.of(permit, wants), meanwhile));
  }

  /// The wait of a client that asks in its own words for what can be foretold.
  Meanwhile meanwhile(Permit permit, Optional<Foretold> foretold, Client client) {
    boolean sure = beforehand.mayRead(permit);
    return new Meanwhile(
        client,
        foretold.filter(told -> sure && !(told.announcesPack() && beforehand.isShallow(permit))),
        keepAlive,
        nanoTime);
  }

  // who said so once will say so again: its clients must hear it before the pack
  private void learn(Permit permit, Asked asked) {
    Optional<Pkt> first = asked.ok() ? FirstPkt.of(asked.answer()) : Optional.empty();
    if (first
        .filter(pkt -> pkt instanceof Pkt.Line line && line.text().equals("shallow-info"))
        .isPresent()) {
      beforehand.shallow(permit);
    }
  }
}
