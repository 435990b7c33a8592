package packhorse.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What protocol v2 can be offered to clients of a node that is asked in v0: as much as the node
/// honours for this repository, and what is ours to do (gitprotocol-v2(5), gitprotocol-capabilities
/// (5)). `unborn`, `ref-in-want`, `server-option` and other commands have no counterpart in v0.
public final class V2Offer {

  private V2Offer() {}

  /// Whether this node can be translated at all: its acknowledgments must be exact, and its pack in
  /// frames.
  ///
  /// @param node the capabilities of its v0 advertisement
  public static boolean possible(Capabilities node) {
    return node.has("multi_ack_detailed") && node.has("side-band-64k");
  }

  /// The v2 advertisement: over HTTP without a line that names the service, like git's.
  public static Bytes advertisement(V0Offer node) {
    List<String> words = new ArrayList<>();
    node.capabilities().value("agent").ifPresent(agent -> words.add("agent=" + agent));
    words.add("ls-refs");
    words.add("fetch=" + String.join(" ", features(node.capabilities())));
    words.add("object-format=" + node.format().word());
    return new AdvertisementHead(
            ProtocolVersion.V2, Optional.empty(), Optional.empty(), new Capabilities(words))
        .bytes();
  }

  private static List<String> features(Capabilities node) {
    List<String> features = new ArrayList<>();
    if (node.has("shallow")) {
      features.add("shallow");
    }
    features.add("wait-for-done");
    if (node.has("filter")) {
      features.add("filter");
    }
    features.add("sideband-all");
    return features;
  }

  /// What a fetch asks for that this node cannot do, as the word of v0 for it. `shallow` of v2
  /// covers more than a node may have: an old one knows depths and no dates.
  public static Optional<String> lacking(Fetch fetch, Capabilities node) {
    return needed(fetch).stream().filter(word -> !node.has(word)).findFirst();
  }

  /// What a fetch says that no v2 advertisement of ours offers; git does not take such a line.
  public static Optional<String> notOffered(Fetch fetch) {
    return Stream.of(
            fetch.wantRefs().stream().map(ref -> "want-ref " + ref),
            fetch.packfileUris().stream().map(uris -> "packfile-uris " + uris),
            fetch.serverOptions().stream().map(option -> "server-option=" + option),
            // without a depth it says nothing, and git lets it stand
            fetch.unknown().stream().filter(line -> !line.equals("deepen-relative")))
        .flatMap(lines -> lines)
        .findFirst();
  }

  private static List<String> needed(Fetch fetch) {
    List<String> words = new ArrayList<>();
    if (!fetch.shallows().isEmpty() || fetch.deepen().asked()) {
      words.add("shallow");
    }
    words.addAll(deepening(fetch.deepen()));
    return words;
  }

  /// The capabilities that a v0 client names when it asks for this depth.
  static List<String> deepening(Deepen deepen) {
    List<String> words = new ArrayList<>();
    if (deepen instanceof Deepen.Depth(int _, boolean relative) && relative) {
      words.add("deepen-relative");
    }
    if (deepen instanceof Deepen.Excluding(OptionalLong since, List<String> refs)) {
      if (since.isPresent()) {
        words.add("deepen-since");
      }
      if (!refs.isEmpty()) {
        words.add("deepen-not");
      }
    }
    return words;
  }
}
