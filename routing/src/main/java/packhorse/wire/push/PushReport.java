package packhorse.wire.push;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// A node's report on a push (`report-status`, `report-status-v2`).
///
/// @param unpackStatus `ok`, or the reason why the pack was not accepted
/// @param refStatuses the status of each ref, in the order of the report. A ref occurs several
///   times when a proc-receive hook updated several refs for it
public record PushReport(String unpackStatus, List<RefStatus> refStatuses) {

  public PushReport {
    refStatuses = List.copyOf(refStatuses);
  }

  /// Reads a report up to its flush.
  ///
  /// @param in the report itself, without side-band framing
  /// @throws WireException for anything that is not a report
  public static PushReport read(InputStream in) throws IOException {
    PktReader reader = new PktReader(in, WireLimits.REPORT_BYTES);
    String first = Pkt.requireText(reader.read(), "in the report");
    if (!first.startsWith("unpack ")) {
      throw new WireException("expected a report, not " + WireText.quoted(first));
    }
    List<RefStatus> statuses = new ArrayList<>();
    for (Pkt pkt = reader.read(); !(pkt instanceof Pkt.Flush); pkt = reader.read()) {
      String line = Pkt.requireText(pkt, "in the report");
      if (line.startsWith("ok ")) {
        statuses.add(RefStatus.ok(line.substring(3)));
      } else if (line.startsWith("ng ")) {
        statuses.add(parseFailure(line.substring(3)));
      } else if (line.startsWith("option ") && !statuses.isEmpty()) {
        statuses.add(statuses.removeLast().withOption(line.substring(7)));
      } else {
        throw new WireException("unexpected line in the report: " + WireText.quoted(line));
      }
    }
    return new PushReport(first.substring(7), statuses);
  }

  private static RefStatus parseFailure(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? RefStatus.ng(line, "failed")
        : RefStatus.ng(line.substring(0, space), line.substring(space + 1));
  }
}
