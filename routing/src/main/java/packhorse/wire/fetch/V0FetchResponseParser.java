package packhorse.wire.fetch;

import java.nio.ByteBuffer;
import packhorse.wire.PackEndDetector;
import packhorse.wire.WireText;
import packhorse.wire.pkt.SideBand;

/// Parses a response to a stateless v0 fetch: the list of shallow commits and its flush, if a depth
/// was requested; acknowledgments; and the pack, on a side-band or, for a client without side-band,
/// without framing.
final class V0FetchResponseParser extends FetchResponseParser {

  private final boolean unframedPack;
  private final PackEndDetector packEnd;
  private boolean inShallowList;
  private boolean answered;

  /// @param packOnly whether what precedes the pack is not parsed
  V0FetchResponseParser(Fetch fetch, SideBand sideBand, boolean packOnly) {
    super(fetch);
    this.unframedPack = sideBand == SideBand.NONE;
    this.packEnd = new PackEndDetector(fetch.format());
    this.inShallowList = fetch.deepen().isRequested() && !packOnly;
  }

  @Override
  boolean isSideBandFrame(int firstByte) {
    // The first byte is a band number already, which no acknowledgment begins with.
    return !unframedPack && !inShallowList;
  }

  @Override
  public void onSpecialPkt(int length) {
    if (inShallowList) {
      inShallowList = false;
      hasShallowSection = true;
      answered = true;
    } else {
      complete = length == 0 && packStarted;
    }
  }

  @Override
  void onLine(String text) {
    if (text.startsWith("ACK ")) {
      addAcknowledgment(text);
      answered = true;
    } else if (text.equals("NAK")) {
      answered = true;
    }
  }

  @Override
  void onBand1(ByteBuffer bytes, int from, int to) {
    addPackBytes(bytes, from, to);
  }

  @Override
  void onBand1End() {}

  @Override
  public void onMalformedLength(byte[] header) {
    // The signature of an unframed pack stands where the length of a pkt is expected.
    if (unframedPack && !inShallowList && WireText.text(header).equals("PACK")) {
      addPackBytes(ByteBuffer.wrap(header), 0, header.length);
      packEnd.update(header, 0, header.length);
    } else {
      setError("malformed response");
    }
  }

  @Override
  public void onUnframedBytes(ByteBuffer bytes, int from, int to) {
    if (packStarted && unframedPack) {
      byte[] copy = new byte[to - from];
      bytes.get(from, copy);
      addPackBytes(bytes, from, to);
      packEnd.update(copy, 0, copy.length);
    }
  }

  @Override
  void onResponseEnd(boolean atPktBoundary) {
    if (packStarted) {
      complete = unframedPack ? packEnd.complete() : complete && atPktBoundary;
    } else {
      complete = answered && atPktBoundary;
    }
    complete &= !hasError() && !lacksPack();
  }
}
