package packhorse.exchange;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import packhorse.wire.Fetch;
import packhorse.wire.FetchReader;
import packhorse.wire.Pkt;
import packhorse.wire.PktReader;
import packhorse.wire.V2Command;
import packhorse.wire.V2CommandReader;

/// What the body of a POST to git-upload-pack asks, in whatever version.
///
/// @param fetch the fetch, if it is one
/// @param command the command, if it is v2
record FetchBody(Optional<Fetch> fetch, Optional<V2Command> command) {
  /// @throws packhorse.wire.WireException for a body that is no request of git's
  static FetchBody read(byte[] body) throws IOException {
    if (!isV2(body)) return new FetchBody(FetchReader.v0(body), Optional.empty());
    var in = new PktReader(new ByteArrayInputStream(body), body.length);
    return V2CommandReader.read(in)
        .map(FetchBody::of)
        .orElseGet(() -> new FetchBody(Optional.empty(), Optional.empty()));
  }

  /// The same of a command that has been read.
  static FetchBody of(V2Command command) {
    return new FetchBody(fetch(command), Optional.of(command));
  }

  /// The fetch whose answer is a pack, or leads to one: haves without wants (push.negotiate) do
  /// not.
  Optional<Fetch> pack() {
    return fetch.filter(Fetch::wanting);
  }

  /// Whether the answer lists refs.
  boolean listsRefs() {
    return command.filter(V2Command.LsRefs.class::isInstance).isPresent();
  }

  private static Optional<Fetch> fetch(V2Command command) {
    return command instanceof V2Command.FetchCommand asked
        ? Optional.of(asked.fetch())
        : Optional.empty();
  }

  // a v2 request has its command among the lines before the first delimiter: mostly in front, but
  // git names its agent before bundle-uri; v0 begins with a want
  private static boolean isV2(byte[] body) throws IOException {
    var in = new PktReader(new ByteArrayInputStream(body), body.length);
    for (var pkt = in.next(); pkt.isPresent(); pkt = in.next()) {
      if (!(pkt.get() instanceof Pkt.Line line) || line.text().startsWith("want ")) return false;
      if (line.text().startsWith("command=")) return true;
    }
    return false;
  }
}
