package packhorse.wire.fetch;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packhorse.wire.BoundedText;
import packhorse.wire.ObjectId;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.PktScanner;

/// The common part of the parsers for responses to fetches in v0 and v2. It collects lines up to a
/// limit and passes them to the subclass, and tells the bands of the response apart.
abstract class FetchResponseParser implements PktScanner.Handler {

  private static final int NO_BAND_YET = -1;
  private static final int NO_BAND = 0;

  // gitformat-pack(5): "PACK", the version and the number of objects, of four bytes each
  private static final int PACK_HEADER_BYTES = 12;
  private static final int PACK_MAGIC = 0x5041434b;

  final Set<ObjectId> acknowledgedIds = new LinkedHashSet<>();
  boolean ready;
  boolean hasShallowSection;
  boolean packStarted;
  boolean complete;
  long packBytes;

  private final Fetch fetch;
  private final int maxAcknowledgments;
  private final BoundedText line = new BoundedText(WireLimits.ERROR_TEXT_BYTES + 5);
  private int band;
  private final ByteBuffer packHeader = ByteBuffer.allocate(PACK_HEADER_BYTES);
  private @Nullable String errorText;

  /// @param fetch the request. The number of its haves limits the acknowledgments that are kept
  FetchResponseParser(Fetch fetch) {
    this.fetch = fetch;
    this.maxAcknowledgments = fetch.haves().size() + 1;
  }

  /// Whether a pkt whose first byte is a band number is a side-band frame at this position of the
  /// response.
  abstract boolean isSideBandFrame(int firstByte);

  /// A complete line, or the first bytes of a long one.
  abstract void onLine(String text);

  /// Bytes on band 1.
  abstract void onBand1(ByteBuffer bytes, int from, int to);

  /// The end of a pkt on band 1.
  abstract void onBand1End();

  /// The end of the response.
  ///
  /// @param atPktBoundary whether the last byte was the last byte of a pkt
  abstract void onResponseEnd(boolean atPktBoundary);

  @Override
  public void onPktStart(int size) {
    complete = false;
    band = NO_BAND_YET;
    line.clear();
  }

  @Override
  public void onPktBytes(ByteBuffer bytes, int from, int to) {
    int start = from;
    if (band == NO_BAND_YET) {
      int firstByte = bytes.get(from);
      boolean framed = firstByte >= 1 && firstByte <= 3 && isSideBandFrame(firstByte);
      band = framed ? firstByte : NO_BAND;
      start = framed ? from + 1 : from;
    }
    switch (band) {
      case NO_BAND, 3 -> line.append(bytes, start, to);
      case 1 -> onBand1(bytes, start, to);
      default -> {}
    }
  }

  @Override
  public void onPktEnd() {
    switch (band) {
      case 1 -> onBand1End();
      case 3 -> setError(line.line());
      case NO_BAND -> onLineOrError(line.line());
      default -> {}
    }
  }

  private void onLineOrError(String text) {
    if (text.startsWith("ERR ")) {
      setError(text.substring(4));
    } else {
      onLine(text);
    }
  }

  final void addPackBytes(ByteBuffer bytes, int from, int to) {
    packStarted |= to > from;
    packBytes += to - from;
    int missing = Math.min(packHeader.remaining(), to - from);
    if (missing > 0) packHeader.put(bytes.slice(from, missing));
  }

  /// Whether the response lacks a pack that is due: the client waits for it after its `done`, or
  /// the node announced it. A pack is never empty, even if it has no objects.
  final boolean lacksPack() {
    boolean due = fetch.hasWants() && fetch.done();
    return (due || packStarted) && packBytes == 0;
  }

  final OptionalLong packObjects() {
    boolean known = !packHeader.hasRemaining() && packHeader.getInt(0) == PACK_MAGIC;
    return known
        ? OptionalLong.of(Integer.toUnsignedLong(packHeader.getInt(2 * Integer.BYTES)))
        : OptionalLong.empty();
  }

  final void appendToLine(ByteBuffer bytes, int from, int to) {
    line.append(bytes, from, to);
  }

  final String currentLine() {
    return line.line();
  }

  final void addAcknowledgment(String text) {
    int end = text.indexOf(' ', 4);
    String hex = text.substring(4, end < 0 ? text.length() : end);
    if (text.endsWith(" ready")) {
      ready = true;
    } else if (ObjectId.isId(hex) && acknowledgedIds.size() < maxAcknowledgments) {
      acknowledgedIds.add(new ObjectId(hex));
    }
  }

  /// Keeps the first error of the response.
  final void setError(String text) {
    if (errorText == null) {
      errorText = text.substring(0, Math.min(text.length(), WireLimits.ERROR_TEXT_BYTES));
    }
  }

  final boolean hasError() {
    return errorText != null;
  }

  final Optional<String> errorText() {
    return Optional.ofNullable(errorText);
  }
}
