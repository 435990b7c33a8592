package packhorse.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Reads a node's report about a push as it passes, out of band 1 or as it stands. What is
/// remembered of the repository must be forgotten before the client can hear of the push: for that
/// it calls back once, before the first byte of the report goes on or, where there is none, when
/// the answer ends, however it ends.
public final class ReportWatch implements Watch {

  private final Runnable beforeReport;
  private final PktWalker walker;
  private final ByteArrayOutputStream report = new ByteArrayOutputStream();
  private final ShortText error = new ShortText(Limits.ERROR_TEXT);
  private boolean begun;
  private boolean tooLarge;
  private boolean flushed;

  /// @param push whose answer this is: it says how the answer is framed
  /// @param beforeReport called exactly once, on the thread of the bytes; it must not fail
  public ReportWatch(Push push, Runnable beforeReport) {
    this.beforeReport = beforeReport;
    this.walker = new PktWalker(push.sideBand() == SideBand.NONE ? new Plain() : new Banded());
  }

  @Override
  public void passed(ByteBuffer bytes) {
    walker.walk(bytes, bytes.position(), bytes.limit());
  }

  @Override
  public void ended() {
    begin();
    flushed &= walker.betweenPkts();
  }

  /// The report, when the node sent one and it could be read.
  public Optional<PushReport> report() {
    if (tooLarge || report.size() == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(PushReport.read(new ByteArrayInputStream(report.toByteArray())));
    } catch (IOException notReadable) {
      return Optional.empty();
    }
  }

  /// What the node said as an error (band 3 or `ERR`), at most [Limits#ERROR_TEXT] bytes, in wire
  /// form.
  public Optional<String> error() {
    return error.size() == 0 ? Optional.empty() : Optional.of(error.line());
  }

  /// Whether the answer ended with its flush.
  public boolean complete() {
    return flushed;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      beforeReport.run();
    }
  }

  private void add(byte[] bytes) {
    begin();
    tooLarge |= report.size() + bytes.length > Limits.REPORT_BYTES;
    if (tooLarge) {
      report.reset();
    } else {
      report.writeBytes(bytes);
    }
  }

  private void add(ByteBuffer bytes, int from, int to) {
    byte[] copy = new byte[to - from];
    bytes.get(from, copy);
    add(copy);
  }

  /// Frames of side-band-64k around the report.
  private final class Banded implements PktWalker.Frames {
    private int band = -1;

    @Override
    public void special(int which) {
      flushed = which == 0;
    }

    @Override
    public void begins(int size) {
      flushed = false;
      band = -1;
    }

    @Override
    public void body(ByteBuffer bytes, int from, int to) {
      int start = from;
      if (band < 0) {
        band = bytes.get(start);
        start = band >= 1 && band <= 3 ? start + 1 : start;
      }
      if (start == to) {
        return;
      }
      switch (band) {
        case 1 -> add(bytes, start, to);
        case 2 -> {}
        default -> error.add(bytes, start, to);
      }
    }

    @Override
    public void ends() {}

    @Override
    public void broken(byte[] header) {}
  }

  /// The report without frames.
  private final class Plain implements PktWalker.Frames {
    @Override
    public void special(int which) {
      byte[] header = new byte[4];
      PktLength.write(which, header, 0);
      add(header);
      flushed = which == 0;
    }

    @Override
    public void begins(int size) {
      flushed = false;
      byte[] header = new byte[4];
      PktLength.write(size + 4, header, 0);
      add(header);
    }

    @Override
    public void body(ByteBuffer bytes, int from, int to) {
      add(bytes, from, to);
    }

    @Override
    public void ends() {}

    @Override
    public void broken(byte[] header) {}
  }
}
