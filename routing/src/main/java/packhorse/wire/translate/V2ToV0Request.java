package packhorse.wire.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectId;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchOption;
import packhorse.wire.fetch.UploadHaves;
import packhorse.wire.fetch.UploadRequest;
import packhorse.wire.fetch.UploadRequestWriter;

/// Translates a v2 `fetch` command to one stateless v0 request, whose response [V2ResponsePrefix]
/// translates back. Git's own upload-pack makes the same decisions for both versions, see its
/// `upload_pack_v2`.
public final class V2ToV0Request {

  private V2ToV0Request() {}

  /// The body of the v0 request.
  ///
  /// @param fetch a v2 fetch with wants, or one that only requests acknowledgments
  /// @param node the capabilities of the node's v0 advertisement
  /// @param tip any object that the node advertised, because a v0 request must have a want
  /// @param done whether to request the pack whatever objects are common
  public static ByteString compose(
      Fetch fetch, Capabilities node, Optional<ObjectId> tip, boolean done) {
    List<ObjectId> wants = fetch.wants().isEmpty() ? tip.stream().toList() : fetch.wants();
    UploadRequest request =
        new UploadRequest(
            wants,
            fetch.shallows(),
            fetch.deepen(),
            filter(fetch, node),
            capabilities(fetch, node, done));
    UploadHaves.End end = done ? UploadHaves.End.DONE : UploadHaves.End.FLUSH;
    return UploadRequestWriter.compose(request, fetch.haves(), new UploadHaves(List.of(), end));
  }

  /// Whether a v2 response to this fetch contains the pack whatever objects are common: after
  /// `done`, and when there are wants and no haves.
  public static boolean expectsPack(Fetch fetch) {
    return fetch.done() || (fetch.haves().isEmpty() && !fetch.wants().isEmpty());
  }

  // Git ignores a filter that is not allowed in v2, and fails because of it in v0.
  private static Optional<String> filter(Fetch fetch, Capabilities node) {
    return node.has("filter") ? fetch.filter() : Optional.empty();
  }

  private static Capabilities capabilities(Fetch fetch, Capabilities node, boolean done) {
    List<String> capabilities = new ArrayList<>(List.of("multi_ack_detailed", "side-band-64k"));
    if (node.has("no-done") && !done && !fetch.has(FetchOption.WAIT_FOR_DONE)) {
      capabilities.add("no-done");
    }
    for (FetchOption option : FetchOption.values()) {
      if (fetch.has(option) && node.has(option.keyword())) {
        capabilities.add(option.keyword());
      }
    }
    capabilities.addAll(TranslatedCapabilities.deepenCapabilities(fetch.deepen()));
    if (filter(fetch, node).isPresent()) {
      capabilities.add("filter");
    }
    if (node.has("object-format")) {
      capabilities.add("object-format=" + fetch.format().gitName());
    }
    fetch.clientAgent().agent().ifPresent(agent -> capabilities.add("agent=" + agent));
    return new Capabilities(capabilities);
  }
}
