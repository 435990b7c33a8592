package packhorse.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// A node's report about a push (`report-status`, `report-status-v2`).
///
/// @param unpack `ok`, or why the pack was not taken
/// @param refs in the report's order; one ref may be there several times when a proc-receive hook
///   wrote several for it
public record PushReport(String unpack, List<RefStatus> refs) {

  public PushReport {
    refs = List.copyOf(refs);
  }

  public boolean unpacked() {
    return unpack.equals("ok");
  }

  /// Reads a report up to its flush, from inside band 1 or as it stands.
  ///
  /// @throws WireException when it is none
  public static PushReport read(InputStream report) throws IOException {
    PktReader in = new PktReader(report, Limits.REPORT_BYTES);
    String first = PktText.of(in.read(), "in the report");
    if (!first.startsWith("unpack ")) {
      throw new WireException("expected a report, not " + WireText.quoted(first));
    }
    List<RefStatus> refs = new ArrayList<>();
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      String line = PktText.of(pkt, "in the report");
      if (line.startsWith("ok ")) {
        refs.add(RefStatus.ok(line.substring(3)));
      } else if (line.startsWith("ng ")) {
        refs.add(refused(line.substring(3)));
      } else if (line.startsWith("option ") && !refs.isEmpty()) {
        refs.add(refs.removeLast().with(line.substring(7)));
      } else {
        throw new WireException("unexpected line in the report: " + WireText.quoted(line));
      }
    }
    return new PushReport(first.substring(7), refs);
  }

  private static RefStatus refused(String line) {
    int space = line.indexOf(' ');
    return space < 0
        ? RefStatus.refused(line, "failed")
        : RefStatus.refused(line.substring(0, space), line.substring(space + 1));
  }
}
