package packhorse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says a v2 `fetch` command in v0: one stateless request, whose answer [V2AnswerHead] says in v2
/// again. Git's own upload-pack decides for both in the same way, see its `upload_pack_v2`.
public final class V2InV0 {

  private V2InV0() {}

  /// The body of the request.
  ///
  /// @param fetch a v2 fetch that wants something, or only asks what is common
  /// @param node the capabilities of the node's v0 advertisement
  /// @param tip any object that the node advertised: in v0 nobody can ask without wanting
  /// @param done whether to ask for the pack whatever is common
  public static Bytes body(Fetch fetch, Capabilities node, Optional<ObjectId> tip, boolean done) {
    List<ObjectId> wants = fetch.wants().isEmpty() ? tip.stream().toList() : fetch.wants();
    V0Wants asked =
        new V0Wants(
            wants, fetch.shallows(), fetch.deepen(), filter(fetch, node), words(fetch, node, done));
    V0Round.End end = done ? V0Round.End.DONE : V0Round.End.FLUSH;
    return V0Body.compose(asked, fetch.haves(), new V0Round(List.of(), end));
  }

  /// Whether v2 answers with the pack, common or not: at `done`, and where nothing is said to be
  /// had.
  public static boolean done(Fetch fetch) {
    return fetch.done() || (fetch.haves().isEmpty() && !fetch.wants().isEmpty());
  }

  // git's v2 passes over a filter that is not allowed, its v0 dies of it
  private static Optional<String> filter(Fetch fetch, Capabilities node) {
    return node.has("filter") ? fetch.filter() : Optional.empty();
  }

  private static Capabilities words(Fetch fetch, Capabilities node, boolean done) {
    List<String> words = new ArrayList<>(List.of("multi_ack_detailed", "side-band-64k"));
    if (node.has("no-done") && !done && !fetch.has(FetchOption.WAIT_FOR_DONE)) {
      words.add("no-done");
    }
    for (FetchOption option : FetchOption.values()) {
      if (fetch.has(option) && node.has(option.word())) {
        words.add(option.word());
      }
    }
    words.addAll(V2Offer.deepening(fetch.deepen()));
    if (filter(fetch, node).isPresent()) {
      words.add("filter");
    }
    if (node.has("object-format")) {
      words.add("object-format=" + fetch.format().word());
    }
    fetch.caller().agent().ifPresent(agent -> words.add("agent=" + agent));
    return new Capabilities(words);
  }
}
