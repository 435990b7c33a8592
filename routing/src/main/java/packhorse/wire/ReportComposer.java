package packhorse.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Composes the answer that refuses a whole push, in the form that the client asked for. The
/// request's body must have been read to its end before this answer ends.
public final class ReportComposer {

  private ReportComposer() {}

  /// The complete answer: an explanation on band 2, then `unpack ok` and `ng` with the reason for
  /// every ref in band 1. Without `side-band-64k` the report alone, the reason being all that can
  /// be said; without `report-status` the explanation as an error on band 3, since nothing else
  /// tells such a client that its push failed; without either nothing.
  ///
  /// @param explanation Unicode text of one or more lines, for the person who pushes
  /// @param reason a few words, printed behind each ref
  public static Bytes refusal(Push push, String explanation, String reason) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    PktWriter out = new PktWriter(answer);
    try {
      if (push.sideBand() == SideBand.NONE) {
        answer.writeBytes(push.wantsReport() ? report(push, reason) : new byte[0]);
      } else if (push.wantsReport()) {
        out.band(SideBand.LARGE, 2, WireText.bytes(MessageText.lines(explanation)));
        out.band(SideBand.LARGE, 1, report(push, reason)).flush();
      } else {
        out.band(SideBand.LARGE, 3, WireText.bytes(MessageText.lines(explanation))).flush();
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return Bytes.own(answer.toByteArray());
  }

  private static byte[] report(Push push, String reason) throws IOException {
    ByteArrayOutputStream report = new ByteArrayOutputStream();
    PktWriter out = new PktWriter(report).line("unpack ok");
    String words = MessageText.line(reason);
    for (RefUpdate update : push.updates()) {
      out.line("ng " + update.ref() + " " + words);
    }
    out.flush();
    return report.toByteArray();
  }
}
