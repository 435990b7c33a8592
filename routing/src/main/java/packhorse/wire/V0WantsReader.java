package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what a v0 client says before its first flush, as git's `receive_needs` does, and turns it
/// into a [Fetch].
final class V0WantsReader {

  /// Capabilities that say something about dialect or caller, or nothing that the lines do not say.
  private static final Set<String> UNDERSTOOD =
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

  private V0WantsReader() {}

  static Optional<V0Wants> read(PktReader in) throws IOException {
    FetchLines lines = new FetchLines();
    Words words = new Words();
    boolean nothing = true;
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      nothing = false;
      String line = PktText.of(pkt, "in the wants");
      if (line.startsWith("want ")) {
        want(line, lines, words);
      } else if (!lines.wantsLine(line)) {
        throw new WireException("expected a want, not " + WireText.quoted(line));
      }
    }
    if (nothing) {
      return Optional.empty();
    }
    if (lines.wants().isEmpty()) {
      throw new WireException("no wants");
    }
    Capabilities capabilities = words.capabilities();
    lines.announced(Formats.announced(capabilities));
    if (capabilities.has("deepen-relative")) {
      lines.relative();
    }
    return Optional.of(
        new V0Wants(lines.wants(), lines.shallows(), lines.deepen(), lines.filter(), capabilities));
  }

  /// `want ID` and, on the first line or on any, capabilities.
  private static void want(String line, FetchLines lines, Words words) throws WireException {
    int end = line.indexOf(' ', 5);
    lines.want(end < 0 ? line.substring(5) : line.substring(5, end));
    if (end >= 0) {
      words.addAll(line.substring(end));
    }
  }

  static Fetch fetch(V0Wants wants, Fetch.Known known, List<String> trailing) {
    Set<FetchOption> options = EnumSet.noneOf(FetchOption.class);
    List<String> unknown = new ArrayList<>();
    for (String word : wants.capabilities().words()) {
      Optional<FetchOption> option = FetchOption.of(word);
      if (option.isPresent()) {
        options.add(option.get());
      } else if (!UNDERSTOOD.contains(Capabilities.nameOf(word)) || uselessRelative(word, wants)) {
        unknown.add(word);
      }
    }
    unknown.addAll(trailing);
    Fetch.Question question =
        new Fetch.Question(
            new Fetch.Wanted(wants.format(), wants.wants(), List.of()),
            known,
            wants.deepen(),
            wants.filter(),
            options,
            new Fetch.Extras(List.of(), List.of(), Collections.unmodifiableList(unknown)));
    return new Fetch(question, Caller.of(wants.capabilities()), wants.dialect());
  }

  private static boolean uselessRelative(String word, V0Wants wants) {
    return word.equals("deepen-relative") && !(wants.deepen() instanceof Deepen.Depth);
  }
}
