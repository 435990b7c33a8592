package packhorse.wire.fetch;

import java.util.List;
import packhorse.wire.ByteString;
import packhorse.wire.WireLimits;

/// A command of protocol v2. Read by [V2CommandReader].
public sealed interface V2Command {

  V2CommandHeader header();

  /// All bytes of the command, to be relayed unchanged.
  default ByteString raw() {
    return header().raw();
  }

  /// An `ls-refs` command, which lists refs.
  ///
  /// @param prefixes the prefixes of the refs to list; empty for all refs, and if the client sent
  ///   more than [WireLimits#REF_PREFIXES]
  /// @param unknownArguments arguments that this codec does not know
  record LsRefs(
      List<String> prefixes,
      boolean peel,
      boolean symrefs,
      boolean unborn,
      List<String> unknownArguments,
      V2CommandHeader header)
      implements V2Command {
    public LsRefs {
      prefixes = List.copyOf(prefixes);
      unknownArguments = List.copyOf(unknownArguments);
    }
  }

  /// A `fetch` command, which requests a pack.
  record FetchCommand(Fetch fetch, V2CommandHeader header) implements V2Command {}

  /// Any other command (`object-info`, `bundle-uri`, ...), which is relayed without being parsed.
  record Other(String name, V2CommandHeader header) implements V2Command {}
}
