package packhorse.wire.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import packhorse.wire.Capabilities;
import packhorse.wire.CapabilityCollector;
import packhorse.wire.ClientAgent;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads an [UploadRequest] as git's `receive_needs` does, and converts it to a [Fetch].
final class UploadRequestReader {

  /// Capabilities that describe the dialect or the client, or that repeat what the lines say.
  private static final Set<String> KNOWN_CAPABILITIES =
      Set.of(
          "multi_ack",
          "multi_ack_detailed",
          "no-done",
          "side-band",
          "side-band-64k",
          "shallow",
          "deepen-since",
          "deepen-not",
          "deepen-relative",
          "filter",
          "allow-tip-sha1-in-want",
          "allow-reachable-sha1-in-want",
          "object-format",
          "agent",
          "session-id");

  private UploadRequestReader() {}

  static Optional<UploadRequest> read(PktReader in) throws IOException {
    FetchArguments arguments = new FetchArguments();
    CapabilityCollector collector = new CapabilityCollector();
    boolean empty = true;
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      empty = false;
      String line = Pkt.requireText(pkt, "in the wants");
      if (line.startsWith("want ")) {
        parseWant(line, arguments, collector);
      } else if (!arguments.addUploadRequestLine(line)) {
        throw new WireException("expected a want, not " + WireText.quoted(line));
      }
    }
    if (empty) {
      return Optional.empty();
    }
    List<ObjectId> wants = arguments.wants();
    if (wants.isEmpty()) {
      throw new WireException("no wants");
    }
    Capabilities capabilities = collector.capabilities();
    arguments.requireFormat(capabilities.objectFormat());
    if (capabilities.has("deepen-relative")) {
      arguments.setDeepenRelative();
    }
    return Optional.of(
        new UploadRequest(
            wants, arguments.shallows(), arguments.deepen(), arguments.filter(), capabilities));
  }

  /// Parses `want ID` with optional capabilities. As in git, not only the first line may have them.
  private static void parseWant(
      String line, FetchArguments arguments, CapabilityCollector collector) throws WireException {
    int end = line.indexOf(' ', 5);
    arguments.addWant(end < 0 ? line.substring(5) : line.substring(5, end));
    if (end >= 0) {
      collector.addAll(line.substring(end));
    }
  }

  static Fetch toFetch(
      UploadRequest request, Fetch.ClientHistory history, List<String> trailingLines) {
    Set<FetchOption> options = EnumSet.noneOf(FetchOption.class);
    List<String> unknown = new ArrayList<>();
    for (String capability : request.capabilities().entries()) {
      Optional<FetchOption> option = FetchOption.of(capability);
      if (option.isPresent()) {
        options.add(option.get());
      } else if (!KNOWN_CAPABILITIES.contains(Capabilities.nameOf(capability))
          || isRelativeWithoutDepth(capability, request)) {
        unknown.add(capability);
      }
    }
    unknown.addAll(trailingLines);
    Fetch.FetchKey key =
        new Fetch.FetchKey(
            new Fetch.Wants(request.format(), request.wants(), List.of()),
            history,
            request.deepen(),
            request.filter(),
            options,
            new Fetch.Extensions(List.of(), List.of(), Collections.unmodifiableList(unknown)));
    return new Fetch(key, ClientAgent.of(request.capabilities()), request.dialect());
  }

  /// `deepen-relative` without `deepen` has no known meaning.
  private static boolean isRelativeWithoutDepth(String capability, UploadRequest request) {
    return capability.equals("deepen-relative") && !(request.deepen() instanceof Deepen.Depth);
  }
}
