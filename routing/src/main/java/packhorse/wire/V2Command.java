package packhorse.wire;

import java.util.List;

/// One command of protocol v2, read by [V2CommandReader].
public sealed interface V2Command {

  V2Request request();

  /// The bytes as they came, to be relayed unchanged.
  default Bytes raw() {
    return request().raw();
  }

  /// `ls-refs`.
  ///
  /// @param prefixes of the refs to list; none means all refs (also where a client named more than
  ///   [Limits#REF_PREFIXES])
  /// @param unknown arguments that we do not know
  record LsRefs(
      List<String> prefixes,
      boolean peel,
      boolean symrefs,
      boolean unborn,
      List<String> unknown,
      V2Request request)
      implements V2Command {
    public LsRefs {
      prefixes = List.copyOf(prefixes);
      unknown = List.copyOf(unknown);
    }
  }

  /// `fetch`.
  record FetchCommand(Fetch fetch, V2Request request) implements V2Command {}

  /// Any other command (`object-info`, `bundle-uri`, ...): relayed unread.
  record Other(String command, V2Request request) implements V2Command {}
}
