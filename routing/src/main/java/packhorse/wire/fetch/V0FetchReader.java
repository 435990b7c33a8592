package packhorse.wire.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads the body of a v0 (or v1) fetch over stateless RPC. For v2 see [V2CommandReader].
public final class V0FetchReader {

  private V0FetchReader() {}

  /// Reads a fetch; empty for a body that is `0000` alone, which is a valid request for nothing.
  ///
  /// As in git, the haves end at the first flush that follows them. Anything that the client sends
  /// after that flush becomes an unknown argument ([Fetch#unknownArguments]).
  ///
  /// @param body at most [WireLimits#FETCH_REQUEST_BYTES]
  /// @throws WireException for anything that does not follow git's grammar
  public static Optional<Fetch> read(byte[] body) throws WireException {
    try {
      return read(new PktReader(new ByteArrayInputStream(body), WireLimits.FETCH_REQUEST_BYTES));
    } catch (WireException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private static Optional<Fetch> read(PktReader in) throws IOException {
    Optional<UploadRequest> request = UploadRequest.read(in);
    if (request.isEmpty()) {
      return Optional.empty();
    }
    UploadHaves haves = UploadHaves.read(in, request.get().format());
    boolean done = haves.end() == UploadHaves.End.DONE;
    Fetch.ClientHistory history =
        new Fetch.ClientHistory(haves.haves(), request.get().shallows(), done);
    return Optional.of(UploadRequestReader.toFetch(request.get(), history, readTrailingLines(in)));
  }

  private static List<String> readTrailingLines(PktReader in) throws IOException {
    List<String> trailing = new ArrayList<>();
    for (Optional<Pkt> next = in.next(); next.isPresent(); next = in.next()) {
      FetchArguments.addUnknown(trailing, next.get() instanceof Pkt.Line line ? line.text() : "");
    }
    return trailing;
  }
}
