package packhorse.wire.pkt;

import java.util.Optional;
import java.util.regex.Pattern;
import packhorse.wire.ByteString;
import packhorse.wire.MessageSanitizer;
import packhorse.wire.WireException;
import packhorse.wire.WireText;

/// Writes and recognizes errors inside a response: an `ERR` pkt before the pack, side-band 3 once
/// the pack has started. Like git's, neither ends with a LF; clients add one when they print it.
public final class ErrorPkts {

  /// C git sends the first form, JGit the second.
  private static final Pattern NOT_OUR_REF =
      Pattern.compile("(upload-pack: )?not our ref .*|want [0-9a-f]{40,64} not valid");

  private ErrorPkts() {}

  /// An `ERR` pkt with a message of the proxy. Git prints it after `remote error: `.
  ///
  /// @param message Unicode; control characters become spaces
  public static ByteString errPkt(String message) {
    return PktWriter.toByteString(
        out -> out.writeText("ERR " + MessageSanitizer.sanitizeLine(message)));
  }

  /// A message of the proxy on side-band 3, which ends the response.
  ///
  /// @param sideBand [SideBand#SIDE_BAND] or [SideBand#SIDE_BAND_64K]
  /// @param message Unicode of one or more lines; control characters become spaces
  public static ByteString errorBand(SideBand sideBand, String message) {
    String lines = MessageSanitizer.sanitizeLines(message).stripTrailing();
    return relayedError(sideBand, lines);
  }

  /// An `ERR` pkt that repeats the error of a node unchanged.
  ///
  /// @param errorText the text after `ERR `, in wire form
  public static ByteString relayedError(String errorText) {
    return PktWriter.toByteString(out -> out.writeText("ERR " + errorText));
  }

  /// The error of a node, unchanged, on side-band 3, for a client that already expects bands.
  ///
  /// @param sideBand [SideBand#SIDE_BAND] or [SideBand#SIDE_BAND_64K]
  /// @param errorText the error text in wire form, without a LF
  public static ByteString relayedError(SideBand sideBand, String errorText) {
    return PktWriter.toByteString(out -> out.writeBand(sideBand, 3, WireText.bytes(errorText)));
  }

  /// The error text of an `ERR` pkt or of a pkt on side-band 3, without one trailing LF; empty for
  /// any other pkt. For a fetch with `sideband-all`, git sends errors on the side-band.
  public static Optional<String> errorText(Pkt pkt) {
    String text = pkt instanceof Pkt.Line line ? line.text() : "";
    if (text.startsWith("ERR ")) {
      return Optional.of(text.substring(4));
    }
    return text.startsWith("\3") ? Optional.of(text.substring(1)) : Optional.empty();
  }

  /// Returns the text of a pkt from a node where only a line or an error is valid.
  ///
  /// @param where the part of the message that is read, for the exception: `in the advertisement`
  /// @throws WireException.RemoteError when the pkt is an error
  /// @throws WireException when it is a special pkt
  public static String requireText(Pkt pkt, String where) throws WireException {
    Optional<String> error = errorText(pkt);
    if (error.isPresent()) {
      throw new WireException.RemoteError(error.get());
    }
    return Pkt.requireText(pkt, where);
  }

  /// Whether an error text (without `ERR `) says that the node does not have a wanted object or
  /// does not advertise it. Before the first byte of a pack, another node may be tried.
  public static boolean isNotOurRef(String errorText) {
    return NOT_OUR_REF.matcher(errorText.strip()).matches();
  }
}
