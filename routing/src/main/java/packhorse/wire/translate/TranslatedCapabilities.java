package packhorse.wire.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.fetch.Deepen;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.refs.AdvertisementHead;
import packhorse.wire.refs.V0AdvertisementSummary;

/// The v2 capabilities that the proxy advertises for a node to which it sends v0 requests: those
/// features that the node has for the repository, and those that the proxy itself implements
/// (gitprotocol-v2(5), gitprotocol-capabilities(5)). `unborn`, `ref-in-want`, `server-option` and
/// the other commands have no counterpart in v0.
public final class TranslatedCapabilities {

  private TranslatedCapabilities() {}

  /// Whether requests can be translated for a node at all: its acknowledgments must be detailed,
  /// and it must send the pack on a side-band.
  ///
  /// @param node the capabilities of its v0 advertisement
  public static boolean canTranslate(Capabilities node) {
    return node.has("multi_ack_detailed") && node.has("side-band-64k");
  }

  /// The v2 advertisement; like git's, it has no `# service=` line over HTTP.
  public static ByteString toAdvertisement(V0AdvertisementSummary node) {
    List<String> capabilities = new ArrayList<>();
    node.capabilities().value("agent").ifPresent(agent -> capabilities.add("agent=" + agent));
    capabilities.add("ls-refs");
    capabilities.add("fetch=" + String.join(" ", fetchFeatures(node.capabilities())));
    capabilities.add("object-format=" + node.format().gitName());
    return new AdvertisementHead(
            ProtocolVersion.V2, Optional.empty(), Optional.empty(), new Capabilities(capabilities))
        .toByteString();
  }

  private static List<String> fetchFeatures(Capabilities node) {
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

  /// The first v0 capability that a fetch requires and the node does not have. The v2 feature
  /// `shallow` covers more than some nodes can do: old ones know `deepen` but not `deepen-since`.
  public static Optional<String> missingCapability(Fetch fetch, Capabilities node) {
    return requiredCapabilities(fetch).stream().filter(name -> !node.has(name)).findFirst();
  }

  /// The first argument of a fetch that the translated advertisement does not offer. Git rejects
  /// such an argument.
  public static Optional<String> unofferedArgument(Fetch fetch) {
    return Stream.of(
            fetch.wantRefs().stream().map(ref -> "want-ref " + ref),
            fetch.packfileUris().stream().map(uris -> "packfile-uris " + uris),
            fetch.serverOptions().stream().map(option -> "server-option=" + option),
            // Without a depth, "deepen-relative" has no effect, and git ignores it.
            fetch.unknownArguments().stream().filter(line -> !line.equals("deepen-relative")))
        .flatMap(lines -> lines)
        .findFirst();
  }

  private static List<String> requiredCapabilities(Fetch fetch) {
    List<String> capabilities = new ArrayList<>();
    if (!fetch.shallows().isEmpty() || fetch.deepen().isRequested()) {
      capabilities.add("shallow");
    }
    capabilities.addAll(deepenCapabilities(fetch.deepen()));
    return capabilities;
  }

  /// The capabilities that a v0 client sends when it requests this depth.
  static List<String> deepenCapabilities(Deepen deepen) {
    List<String> capabilities = new ArrayList<>();
    if (deepen instanceof Deepen.Depth(int _, boolean relative) && relative) {
      capabilities.add("deepen-relative");
    }
    if (deepen instanceof Deepen.Exclusion(OptionalLong since, List<String> excludedRefs)) {
      if (since.isPresent()) {
        capabilities.add("deepen-since");
      }
      if (!excludedRefs.isEmpty()) {
        capabilities.add("deepen-not");
      }
    }
    return capabilities;
  }
}
