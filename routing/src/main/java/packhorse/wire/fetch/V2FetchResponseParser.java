package packhorse.wire.fetch;

import java.nio.ByteBuffer;

/// Parses a response to a v2 `fetch` command: sections in any order, each of which begins with its
/// name and ends with a delimiter, or with a flush if it is the last one.
final class V2FetchResponseParser extends FetchResponseParser {

  private final boolean sidebandAll;
  private String section = "";

  V2FetchResponseParser(Fetch fetch, boolean sidebandAll) {
    super(fetch);
    this.sidebandAll = sidebandAll;
    this.complete = fetch.hasEmptyResponse();
  }

  @Override
  boolean isSideBandFrame(int firstByte) {
    return sidebandAll || packStarted;
  }

  @Override
  public void onSpecialPkt(int length) {
    section = "";
    complete = length == 0;
  }

  @Override
  void onLine(String text) {
    if (section.isEmpty()) {
      section = text;
      packStarted |= text.equals("packfile");
      hasShallowSection |= text.equals("shallow-info");
    } else if (section.equals("acknowledgments")) {
      if (text.startsWith("ACK ")) {
        addAcknowledgment(text);
      }
      ready |= text.equals("ready");
    }
  }

  @Override
  void onBand1(ByteBuffer bytes, int from, int to) {
    if (packStarted) {
      addPackBytes(bytes, from, to);
    } else {
      appendToLine(bytes, from, to);
    }
  }

  @Override
  void onBand1End() {
    if (!packStarted) {
      onLine(currentLine());
    }
  }

  @Override
  void onResponseEnd(boolean atPktBoundary) {
    complete &= atPktBoundary && !hasError() && !lacksPack();
  }

  @Override
  public void onMalformedLength(byte[] header) {
    setError("malformed response");
  }
}
