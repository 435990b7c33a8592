package packhorse.exchange;

import java.io.IOException;
import java.util.Optional;
import packhorse.node.Offers;
import packhorse.node.RetoldAnswer;
import packhorse.node.Routes;
import packhorse.policy.Permit;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.wire.AdvertisementHead;
import packhorse.wire.Bytes;
import packhorse.wire.ErrorLines;
import packhorse.wire.Limits;
import packhorse.wire.PktReader;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.V0Offer;
import packhorse.wire.V2Command;
import packhorse.wire.V2Listing;
import packhorse.wire.V2Offer;
import packhorse.wire.WireException;

/// Protocol v2 for clients of nodes that are asked in v0 (a pool's `offer-v2`): its advertisement
/// and its list of refs. Fetches are {@link V2FetchFromV0}'s.
final class V2FromV0 {
  // what a client asked for in a POST, though the node was asked for its advertisement: JGit minds
  private static final String RESULT = "application/x-git-upload-pack-result";

  private final NodeCalls calls;
  private final RefLists lists;
  private final Offers offers;
  private final V2FetchFromV0 fetches;

  V2FromV0(NodeCalls calls, RefLists lists, Packs packs, Offers offers) {
    this.calls = calls;
    this.lists = lists;
    this.offers = offers;
    this.fetches = new V2FetchFromV0(packs, calls);
  }

  /// The capabilities, for a client that asks to fetch in v2. Empty for any other, and where the
  /// node cannot be translated: they get what the node says.
  Optional<Asked> advertisement(Permit permit, Routes routes) throws Refused, IOException {
    if (!asksV2(permit)) return Optional.empty();
    Asked asked = asked(permit, routes);
    if (!asked.ok()) return Optional.of(asked);
    try {
      V0Offer offer = offer(asked);
      offers.advertised(permit, offer);
      if (!V2Offer.possible(offer.capabilities())) {
        asked.close();
        return Optional.empty();
      }
      return Optional.of(whole(asked, V2Offer.advertisement(offer)));
    } catch (WireException.ErrorPkt no) {
      return Optional.of(whole(asked, ErrorLines.relayed(no.said())));
    } catch (Refused | IOException | RuntimeException e) {
      asked.close();
      throw e;
    }
  }

  /// The answer to a command.
  ///
  /// @param client is given keep-alives while it waits for a pack
  /// @throws Refused also for a command that was not offered
  Asked answer(Permit permit, Routes routes, V2Command command, Client client)
      throws Refused, IOException {
    return switch (command) {
      case V2Command.LsRefs listing -> listing(permit, routes, listing);
      case V2Command.FetchCommand fetch ->
          fetches.answer(permit, routes, fetch.fetch(), known(permit, routes), client);
      case V2Command.Other other ->
          throw new Refused(
              Refusal.malformed("the command '" + other.command() + "' was not offered"));
    };
  }

  private Asked listing(Permit permit, Routes routes, V2Command.LsRefs command)
      throws Refused, IOException {
    Asked asked = asked(permit, routes);
    if (!asked.ok()) return asked;
    try {
      PktReader in = reader(asked);
      return Heard.fromNode(
          asked.answer().node(),
          () -> {
            V2Listing made = new V2Listing(AdvertisementHead.read(in), in, command);
            return asked.retold(RetoldAnswer.made(asked.answer(), made).as(RESULT));
          });
    } catch (WireException.ErrorPkt no) {
      return asked.retold(
          RetoldAnswer.whole(asked.answer(), ErrorLines.relayed(no.said())).as(RESULT));
    } catch (Refused | IOException | RuntimeException e) {
      asked.close();
      throw e;
    }
  }

  private static boolean asksV2(Permit permit) {
    return permit.offersV2()
        && permit.request() instanceof GitRequest request
        && request.service() == Service.UPLOAD_PACK
        && request.version() == ProtocolVersion.V2;
  }

  // a fetch whose advertisement is long ago, or went through another proxy, asks for it again
  private V0Offer known(Permit permit, Routes routes) throws Refused, IOException {
    Optional<V0Offer> known = offers.of(permit);
    if (known.isPresent()) return known.get();
    try (Asked asked = asked(permit, routes)) {
      Declined.unlessOk(asked);
      V0Offer offer = offer(asked);
      offers.advertised(permit, offer);
      return offer;
    } catch (WireException.ErrorPkt no) {
      throw new Refused(Refusal.nodeFailed("the node says: " + no.said()));
    }
  }

  private Asked asked(Permit permit, Routes routes) throws Refused, IOException {
    return lists.ask(
        permit, routes, calls.advertisement(permit, Service.UPLOAD_PACK, ProtocolVersion.V0));
  }

  private static Asked whole(Asked asked, Bytes bytes) {
    return asked.retold(RetoldAnswer.whole(asked.answer(), bytes));
  }

  private static PktReader reader(Asked asked) {
    return new PktReader(asked.answer().body(), Limits.ADVERTISEMENT_BYTES);
  }

  // read to its end, which keeps the connection
  private static V0Offer offer(Asked asked) throws Refused, IOException {
    return Heard.fromNode(asked.answer().node(), () -> V0Offer.read(reader(asked)));
  }
}
