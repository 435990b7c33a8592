package packhorse.exchange.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.V0FetchReader;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.fetch.V2CommandReader;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// The parsed body of a git-upload-pack request of any protocol version.
///
/// @param fetch the fetch, if the request is one
/// @param command the command, if the request is in v2
record FetchRequestBody(Optional<Fetch> fetch, Optional<V2Command> command) {

  /// Parses the body of a POST.
  ///
  /// @throws packhorse.wire.WireException if the body is not a valid git request
  static FetchRequestBody read(byte[] body) throws IOException {
    if (!isV2(body)) return new FetchRequestBody(V0FetchReader.read(body), Optional.empty());
    PktReader in = new PktReader(new ByteArrayInputStream(body), body.length);
    return V2CommandReader.read(in)
        .map(FetchRequestBody::of)
        .orElseGet(() -> new FetchRequestBody(Optional.empty(), Optional.empty()));
  }

  /// Returns the parsed body that consists of this v2 command.
  static FetchRequestBody of(V2Command command) {
    return new FetchRequestBody(fetch(command), Optional.of(command));
  }

  /// The fetch, if its response is a pack or leads to one. Haves without wants (`push.negotiate`)
  /// do not.
  Optional<Fetch> packFetch() {
    return fetch.filter(Fetch::hasWants);
  }

  boolean isLsRefs() {
    return command.filter(V2Command.LsRefs.class::isInstance).isPresent();
  }

  private static Optional<Fetch> fetch(V2Command command) {
    return command instanceof V2Command.FetchCommand fetchCommand
        ? Optional.of(fetchCommand.fetch())
        : Optional.empty();
  }

  // A v2 request has its command among the lines before the first delimiter: usually first, but git
  // sends its agent before bundle-uri. A v0 request begins with a want.
  private static boolean isV2(byte[] body) throws IOException {
    PktReader in = new PktReader(new ByteArrayInputStream(body), body.length);
    for (Optional<Pkt> pkt = in.next(); pkt.isPresent(); pkt = in.next()) {
      if (!(pkt.get() instanceof Pkt.Line line) || line.text().startsWith("want ")) return false;
      if (line.text().startsWith("command=")) return true;
    }
    return false;
  }
}
