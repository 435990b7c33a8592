package packhorse.wire.push;

import java.io.IOException;
import packhorse.wire.ByteString;
import packhorse.wire.MessageSanitizer;
import packhorse.wire.WireText;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.PktWriter;
import packhorse.wire.pkt.SideBand;

/// Writes the response of the proxy that refuses a whole push, in the form that the client
/// requested with its capabilities. Called by the fronts. The client's request must be read to its
/// end before this response ends.
public final class PushReportWriter {

  private static final ByteString FLUSH = PktWriter.toByteString(PktWriter::writeFlush);

  private PushReportWriter() {}

  /// Returns the complete response. It depends on the capabilities that the client requested:
  ///
  /// - `side-band-64k` and `report-status`: the explanation on band 2, then on band 1 a report with
  ///   `unpack ok` and, for every ref, `ng` with the reason;
  /// - only `report-status`: the report alone, so the client is told the reason but not the
  ///   explanation;
  /// - only `side-band-64k`: the explanation as an error on band 3, because nothing else shows the
  ///   client that its push failed;
  /// - neither: nothing.
  ///
  /// @param explanation Unicode text of one or more lines for the user who pushes
  /// @param reason a few words that git prints after the name of each ref
  public static ByteString refusal(Push push, String explanation, String reason) {
    ByteString report =
        push.wantsReport()
            ? PktWriter.toByteString(out -> writeReport(push, reason, out))
            : ByteString.EMPTY;
    if (push.sideBand() == SideBand.NONE) return report;
    ByteString message =
        push.wantsReport()
            ? band(2, WireText.bytes(MessageSanitizer.sanitizeLines(explanation)))
            : ErrorPkts.errorBand(SideBand.SIDE_BAND_64K, explanation);
    return message.concat(band(1, report.toArray())).concat(FLUSH);
  }

  private static ByteString band(int band, byte[] bytes) {
    return PktWriter.toByteString(out -> out.writeBand(SideBand.SIDE_BAND_64K, band, bytes));
  }

  private static void writeReport(Push push, String reason, PktWriter out) throws IOException {
    out.writeLine("unpack ok");
    String sanitized = MessageSanitizer.sanitizeLine(reason);
    for (RefUpdate update : push.updates()) {
      out.writeLine("ng " + update.ref() + " " + sanitized);
    }
    out.writeFlush();
  }
}
