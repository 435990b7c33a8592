package packhorse.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// What `git archive --remote` asks for: the arguments of `git upload-archive`, in order.
///
/// @param raw every byte of the request as it came
public record ArchiveRequest(List<String> arguments, Bytes raw) {

  public ArchiveRequest {
    arguments = List.copyOf(arguments);
  }

  /// Reads up to the flush, and not a byte more.
  ///
  /// @throws WireException for anything but `argument` lines, and for more than [Limits] allow
  public static ArchiveRequest read(InputStream from) throws IOException {
    PktReader in = new PktReader(from, Limits.ARCHIVE_BYTES);
    in.record();
    List<String> arguments = new ArrayList<>();
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      String line = PktText.of(pkt, "in the arguments");
      if (!line.startsWith("argument ")) {
        throw new WireException("expected an argument, not " + WireText.quoted(line));
      }
      arguments.add(line.substring(9));
      if (arguments.size() > Limits.ARCHIVE_ARGUMENTS) {
        throw new WireException.TooLarge("more than " + Limits.ARCHIVE_ARGUMENTS + " arguments");
      }
    }
    return new ArchiveRequest(arguments, in.recorded());
  }
}
