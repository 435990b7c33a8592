package packhorse.exchange;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.node.AdvertisedTips;
import packhorse.node.NodeCall;
import packhorse.node.Route;
import packhorse.node.Routes;
import packhorse.request.Refused;
import packhorse.wire.Limits;
import packhorse.wire.PktReader;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.TipsWatch;
import packhorse.wire.V2Command;
import packhorse.wire.V2CommandReader;
import packhorse.wire.Watch;

/// Protocol v2 over SSH: it has no state, so each command is one POST, and its answer is the
/// POST's.
final class V2Conversation {
  private final Asking asking;
  private final NodeCalls calls;
  private final AdvertisedTips tips;

  V2Conversation(Asking asking, NodeCalls calls, AdvertisedTips tips) {
    this.asking = asking;
    this.calls = calls;
    this.tips = tips;
  }

  Answer converse(Turns turns) throws Refused, IOException {
    PktReader in = new PktReader(turns.client().fromClient(), Limits.FETCH_BYTES);
    Optional<V2Command> command = Heard.fromClient(() -> V2CommandReader.read(in));
    while (command.isPresent()) {
      answer(command.get(), turns);
      command = Heard.fromClient(() -> V2CommandReader.read(in));
    }
    return turns.end();
  }

  private void answer(V2Command command, Turns turns) throws Refused, IOException {
    var body = new NodeCall.Whole(command.raw());
    var call = calls.exchange(turns.permit(), Service.UPLOAD_PACK, ProtocolVersion.V2, body);
    Route route = route(command, turns.routes());
    try (Asked asked = asking.ask(turns.permit(), route, call, FetchExchange::lacksWanted)) {
      turns.took(asked);
      Declined.unlessOk(asked);
      boolean listing = command instanceof V2Command.LsRefs && FetchConversation.remembering(turns);
      TipsWatch watch = new TipsWatch(AdvertisedTips.MOST_IDS);
      turns.counted(Handing.rest(asked.answer(), turns.client(), listing ? watch : Watch.none()));
      if (listing) {
        watch.tips().ifPresent(ids -> tips.advertised(turns.permit(), asked.answer().node(), ids));
      }
    }
  }

  // haves without wants (push.negotiate) cost no pack
  private static Route route(V2Command command, Routes routes) throws Refused {
    if (!(command instanceof V2Command.FetchCommand asked)) return routes.read();
    boolean negotiatesOnly = asked.fetch().wants().isEmpty() && asked.fetch().wantRefs().isEmpty();
    return negotiatesOnly ? routes.read() : routes.fetch(List.copyOf(asked.fetch().wants()));
  }
}
