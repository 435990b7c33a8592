package packhorse.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import packhorse.node.Node;
import packhorse.request.GitRequest;
import packhorse.request.Refused;
import packhorse.wire.AdvertisementHead;
import packhorse.wire.Bytes;
import packhorse.wire.Limits;
import packhorse.wire.PktReader;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;
import packhorse.wire.WireException;

/// A fetch over SSH: the advertisement of a node, then its conversation in the version that the
/// node speaks.
final class FetchConversation {
  private final NodeCalls calls;
  private final RefLists lists;
  private final V2FromV0 translation;
  private final V2Conversation v2;
  private final V0Conversation v0;

  FetchConversation(
      Asking asking, NodeCalls calls, RefLists lists, Packs packs, V2FromV0 translation) {
    this.calls = calls;
    this.lists = lists;
    this.translation = translation;
    this.v2 = new V2Conversation(asking, calls, lists, packs, translation);
    this.v0 = new V0Conversation(packs, calls);
  }

  Answer answer(GitRequest request, Turns turns) throws Refused, IOException {
    Optional<Asked> translated = translation.advertisement(turns.permit(), turns.routes());
    if (translated.isPresent()) return translated(translated.get(), turns);
    var call = calls.advertisement(turns.permit(), Service.UPLOAD_PACK, request.version());
    AdvertisementHead head;
    try (Asked asked = lists.ask(turns.permit(), turns.routes(), call)) {
      turns.took(asked);
      Declined.unlessOk(asked);
      head = advertisement(asked, turns);
    } catch (WireException.ErrorPkt no) {
      return turns.failed(no.said());
    }
    return head.version() == ProtocolVersion.V2 ? v2.converse(turns) : v0.converse(turns);
  }

  private Answer translated(Asked asked, Turns turns) throws Refused, IOException {
    try (asked) {
      turns.took(asked);
      Declined.unlessOk(asked);
      turns.counted(Handing.rest(asked.answer(), turns.client(), asked.watch()));
    }
    return v2.converse(turns);
  }

  private AdvertisementHead advertisement(Asked asked, Turns turns) throws Refused, IOException {
    Node node = asked.answer().node();
    InputStream fromNode = asked.answer().body();
    AdvertisementHead head =
        Heard.fromNode(
            node,
            () -> AdvertisementHead.read(new PktReader(fromNode, Limits.ADVERTISEMENT_BYTES)));
    // git offers no-done over HTTP only: over SSH the client's done is what ends the haves
    Bytes first = head.withoutService().with(head.capabilities().without("no-done")).bytes();
    turns.say(first);
    if (head.version() == ProtocolVersion.V2) return head;
    asked.watch().passed(first.buffer());
    turns.counted(Handing.rest(asked.answer(), turns.client(), asked.watch()));
    return head;
  }
}
