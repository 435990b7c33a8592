package packhorse.wire;

import java.util.Optional;

/// One acknowledgment: `ACK id`, in v0 with or without a word behind it, in v2 without.
public record Ack(ObjectId id, Kind kind) {

  /// The word behind the id.
  public enum Kind {
    PLAIN(""),
    /// `multi_ack`
    CONTINUE(" continue"),
    /// `multi_ack_detailed`
    COMMON(" common"),
    /// `multi_ack_detailed`: the node knows enough; the id need not be one that it has.
    READY(" ready");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  /// Reads a line; empty when it is no acknowledgment (`NAK`, a frame of the pack).
  ///
  /// @throws WireException when it begins like one and is none
  public static Optional<Ack> parse(String line) throws WireException {
    if (!line.startsWith("ACK ")) {
      return Optional.empty();
    }
    int end = line.indexOf(' ', 4);
    String suffix = end < 0 ? "" : line.substring(end);
    for (Kind kind : Kind.values()) {
      if (kind.suffix.equals(suffix)) {
        return Optional.of(
            new Ack(ObjectId.parse(line.substring(4, end < 0 ? line.length() : end)), kind));
      }
    }
    throw new WireException("malformed acknowledgment " + WireText.quoted(line));
  }

  /// The line without its LF.
  public String line() {
    return "ACK " + id + kind.suffix;
  }
}
