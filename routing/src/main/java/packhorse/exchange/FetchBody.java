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
/// @param listsRefs whether the answer lists refs
record FetchBody(Optional<Fetch> fetch, boolean listsRefs) {
  /// @throws packhorse.wire.WireException for a body that is no request of git's
  static FetchBody read(byte[] body) throws IOException {
    if (!isV2(body)) return new FetchBody(FetchReader.v0(body), false);
    var in = new PktReader(new ByteArrayInputStream(body), body.length);
    Optional<V2Command> command = V2CommandReader.read(in);
    return command.map(FetchBody::of).orElse(new FetchBody(Optional.empty(), false));
  }

  /// Whether the answer is a pack, or leads to one: haves without wants (push.negotiate) do not.
  boolean pack() {
    return fetch
        .filter(asked -> !asked.wants().isEmpty() || !asked.wantRefs().isEmpty())
        .isPresent();
  }

  private static FetchBody of(V2Command command) {
    return switch (command) {
      case V2Command.LsRefs listing -> new FetchBody(Optional.empty(), true);
      case V2Command.FetchCommand asked -> new FetchBody(Optional.of(asked.fetch()), false);
      case V2Command.Other other -> new FetchBody(Optional.empty(), false);
    };
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
