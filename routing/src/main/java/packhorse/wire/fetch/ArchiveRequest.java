package packhorse.wire.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import packhorse.wire.ByteString;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// The request of `git archive --remote`: the arguments of `git upload-archive`, in order.
///
/// @param raw all bytes of the request, unchanged
public record ArchiveRequest(List<String> arguments, ByteString raw) {

  public ArchiveRequest {
    arguments = List.copyOf(arguments);
  }

  /// Reads a request up to its flush, and not a byte more.
  ///
  /// @throws WireException for anything but `argument` lines, and when the request exceeds one of
  ///   the [WireLimits]
  public static ArchiveRequest read(InputStream in) throws IOException {
    PktReader reader = new PktReader(in, WireLimits.ARCHIVE_REQUEST_BYTES);
    reader.startRecording();
    List<String> arguments = new ArrayList<>();
    for (Pkt pkt = reader.read(); !(pkt instanceof Pkt.Flush); pkt = reader.read()) {
      String line = Pkt.requireText(pkt, "in the arguments");
      if (!line.startsWith("argument ")) {
        throw new WireException("expected an argument, not " + WireText.quoted(line));
      }
      arguments.add(line.substring(9));
      if (arguments.size() > WireLimits.ARCHIVE_ARGUMENTS) {
        throw new WireException.TooLarge(
            "more than " + WireLimits.ARCHIVE_ARGUMENTS + " arguments");
      }
    }
    return new ArchiveRequest(arguments, reader.recordedBytes());
  }
}
