package packhorse.wire;

import java.util.Optional;
import java.util.regex.Pattern;

/// How errors are said and recognised inside an answer: an `ERR` pkt before a pack, band 3 after
/// its begin.
public final class ErrorLines {

  /// C git says the first, JGit the second.
  private static final Pattern NOT_OUR_REF =
      Pattern.compile("(upload-pack: )?not our ref .*|want [0-9a-f]{40,64} not valid");

  private ErrorLines() {}

  /// An `ERR` pkt. Git prints `remote error: ` in front of it.
  ///
  /// @param message Unicode; control characters become spaces
  public static Bytes err(String message) {
    return PktWriter.toBytes(out -> out.line("ERR " + MessageText.line(message)));
  }

  /// A node's own `ERR` pkt, as it came.
  ///
  /// @param said what stood behind `ERR`, in wire form
  public static Bytes relayed(String said) {
    return PktWriter.toBytes(out -> out.line("ERR " + said));
  }

  /// The same on band 3, for a client that reads frames already.
  ///
  /// @param framing [SideBand#SMALL] or [SideBand#LARGE]
  public static Bytes relayed(SideBand framing, String said) {
    return PktWriter.toBytes(out -> out.band(framing, 3, WireText.bytes(said + "\n")));
  }

  /// A message on band 3, after which nothing follows.
  ///
  /// @param framing [SideBand#SMALL] or [SideBand#LARGE]
  public static Bytes band3(SideBand framing, String message) {
    return PktWriter.toBytes(
        out -> out.band(framing, 3, WireText.bytes(MessageText.lines(message))));
  }

  /// What an `ERR` pkt or a frame of band 3 says, without one trailing LF: git says an error of a
  /// fetch with `sideband-all` on the band.
  public static Optional<String> said(Pkt pkt) {
    String text = pkt instanceof Pkt.Line line ? line.text() : "";
    if (text.startsWith("ERR ")) {
      return Optional.of(text.substring(4));
    }
    return text.startsWith("\3") ? Optional.of(text.substring(1)) : Optional.empty();
  }

  /// Whether an error (without `ERR `) says that the node has no such object to give: before the
  /// first byte of a pack another node may be asked.
  public static boolean notOurRef(String said) {
    return NOT_OUR_REF.matcher(said.strip()).matches();
  }
}
