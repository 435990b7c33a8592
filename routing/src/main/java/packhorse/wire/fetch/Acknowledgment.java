package packhorse.wire.fetch;

import java.util.Optional;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireText;

/// An acknowledgment of a `have`: `ACK id`, in v0 optionally followed by a status.
public record Acknowledgment(ObjectId id, AckStatus status) {

  /// The word that may follow the id.
  public enum AckStatus {
    /// No word.
    PLAIN(""),
    /// With `multi_ack`: the object is common.
    CONTINUE(" continue"),
    /// With `multi_ack_detailed`: the object is common.
    COMMON(" common"),
    /// With `multi_ack_detailed`: the node is ready to send the pack. It need not have the object
    /// of this id.
    READY(" ready");

    private final String suffix;

    AckStatus(String suffix) {
      this.suffix = suffix;
    }
  }

  /// Parses a line; empty for a line that is not an acknowledgment (`NAK`, a frame of the pack).
  ///
  /// @throws WireException for a line that begins with `ACK ` and is malformed
  public static Optional<Acknowledgment> parse(String line) throws WireException {
    if (!line.startsWith("ACK ")) {
      return Optional.empty();
    }
    int end = line.indexOf(' ', 4);
    String suffix = end < 0 ? "" : line.substring(end);
    for (AckStatus status : AckStatus.values()) {
      if (status.suffix.equals(suffix)) {
        return Optional.of(
            new Acknowledgment(
                ObjectId.parse(line.substring(4, end < 0 ? line.length() : end)), status));
      }
    }
    throw new WireException("malformed acknowledgment " + WireText.quoted(line));
  }

  /// The line without its LF.
  public String toLine() {
    return "ACK " + id + status.suffix;
  }
}
