package packhorse.wire.push;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import packhorse.wire.BoundedText;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.PktLength;
import packhorse.wire.pkt.PktScanner;
import packhorse.wire.pkt.SideBand;

/// Reads the `report-status` and the error text of a node's response to a push while the response
/// is relayed. The report is in side-band 1 or, without side-band, is the response itself. The
/// observer runs a callback once, before the first byte of the report is relayed or, if there is no
/// report, when the response ends, complete or not. The proxy uses it to invalidate its caches
/// before the client can learn that the push succeeded. A report of more than
/// [WireLimits#REPORT_BYTES] is relayed but not kept.
public final class PushReportObserver implements ResponseObserver {

  private final Runnable beforeReport;
  private final PktScanner scanner;
  private final ByteArrayOutputStream report = new ByteArrayOutputStream();
  private final BoundedText errorText = new BoundedText(WireLimits.ERROR_TEXT_BYTES);
  private boolean calledBack;
  private boolean tooLarge;
  private boolean flushWasLast;
  private boolean started;
  private boolean malformed;

  /// @param push the push whose response this is; it determines the framing
  /// @param beforeReport called exactly once, on the thread that calls this observer; must not
  ///   throw
  public PushReportObserver(Push push, Runnable beforeReport) {
    this.beforeReport = beforeReport;
    this.scanner =
        new PktScanner(
            push.sideBand() == SideBand.NONE ? new UnframedHandler() : new SideBandHandler());
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    started |= bytes.hasRemaining();
    scanner.scan(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public void onEnd() {
    callBack();
    malformed |= scanner.atMalformedLength();
    flushWasLast &= scanner.atPktBoundary();
  }

  /// Returns the report; empty if the node sent none, or one that is malformed or too large.
  public Optional<PushReport> report() {
    if (tooLarge || report.size() == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(PushReport.read(new ByteArrayInputStream(report.toByteArray())));
    } catch (IOException malformed) {
      return Optional.empty();
    }
  }

  /// Returns the error text that the node sent in side-band 3 or as an `ERR` pkt, at most
  /// [WireLimits#ERROR_TEXT_BYTES] bytes, in wire form (see [packhorse.wire.WireText]). Empty if
  /// there is none.
  public Optional<String> errorText() {
    return errorText.size() == 0 ? Optional.empty() : Optional.of(errorText.line());
  }

  /// Whether the response ended with a flush-pkt; valid after [#onEnd].
  public boolean complete() {
    return flushWasLast;
  }

  @Override
  public boolean isTruncated() {
    return started && !complete() && !malformed && errorText().isEmpty();
  }

  private void callBack() {
    if (!calledBack) {
      calledBack = true;
      beforeReport.run();
    }
  }

  private void addToReport(byte[] bytes) {
    callBack();
    tooLarge |= report.size() + bytes.length > WireLimits.REPORT_BYTES;
    if (tooLarge) {
      report.reset();
    } else {
      report.writeBytes(bytes);
    }
  }

  private void addToReport(ByteBuffer bytes, int from, int to) {
    byte[] copy = new byte[to - from];
    bytes.get(from, copy);
    addToReport(copy);
  }

  /// Extracts the report from side-band 1.
  private final class SideBandHandler implements PktScanner.Handler {
    // The first byte of the current pkt, from 0 to 255, which is the band unless the pkt is an
    // `ERR`
    // pkt; -1 until that byte has arrived.
    private int band = -1;

    @Override
    public void onSpecialPkt(int length) {
      flushWasLast = length == 0;
    }

    @Override
    public void onPktStart(int size) {
      flushWasLast = false;
      band = -1;
    }

    @Override
    public void onPktBytes(ByteBuffer bytes, int from, int to) {
      int start = from;
      if (band < 0) {
        band = bytes.get(start) & 0xff;
        start = band >= 1 && band <= 3 ? start + 1 : start;
      }
      if (start == to) {
        return;
      }
      switch (band) {
        case 1 -> addToReport(bytes, start, to);
        case 2 -> {}
        // Band 3, or an `ERR` pkt, whose text begins with its first byte.
        default -> errorText.append(bytes, start, to);
      }
    }

    @Override
    public void onPktEnd() {}

    @Override
    public void onMalformedLength(byte[] header) {
      malformed = true;
    }
  }

  /// Collects the pkts of the response, which are the report itself. The scanner removes the length
  /// of each pkt, so this handler writes it again for [PushReport#read].
  private final class UnframedHandler implements PktScanner.Handler {
    @Override
    public void onSpecialPkt(int length) {
      byte[] header = new byte[4];
      PktLength.encode(length, header, 0);
      addToReport(header);
      flushWasLast = length == 0;
    }

    @Override
    public void onPktStart(int size) {
      flushWasLast = false;
      byte[] header = new byte[4];
      PktLength.encode(size + 4, header, 0);
      addToReport(header);
    }

    @Override
    public void onPktBytes(ByteBuffer bytes, int from, int to) {
      addToReport(bytes, from, to);
    }

    @Override
    public void onPktEnd() {}

    @Override
    public void onMalformedLength(byte[] header) {
      malformed = true;
    }
  }
}
