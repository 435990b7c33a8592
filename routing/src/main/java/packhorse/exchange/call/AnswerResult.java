package packhorse.exchange.call;

import java.util.Optional;
import java.util.OptionalLong;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;

/// What a client received with an [Answer]. Immutable.
public sealed interface AnswerResult {

  /// A ref advertisement, the capabilities in v2, or the response to `ls-refs`.
  record RefList(ListAge age) implements AnswerResult {
    public RefList() {
      this(ListAge.CURRENT);
    }
  }

  /// Whether a list of refs may lack the last changes.
  enum ListAge {
    /// It has them.
    CURRENT,
    /// A replica sent it, which may lag.
    OF_REPLICA,
    /// The primary sent it, and it shows an earlier state than was known.
    OLDER
  }

  /// The response to a fetch: a pack, or a round of the negotiation before it.
  ///
  /// @param fetch the request; of an SSH conversation in v0 its last round
  /// @param haves the number of haves that the client sent, over all rounds
  /// @param packBytes the size of the pack as far as it was received from the node, without framing
  /// @param packObjects the number of objects that the header of the pack announces; empty if there
  ///   was no pack
  record Fetched(Fetch fetch, int haves, long packBytes, OptionalLong packObjects)
      implements AnswerResult {}

  /// The response to a push.
  ///
  /// @param report the node's report; empty if there was none that could be read
  record Pushed(Push push, Optional<PushReport> report) implements AnswerResult {}

  /// An archive of `git archive --remote`.
  record Archive() implements AnswerResult {}

  /// A file of the dumb protocol.
  record File() implements AnswerResult {}

  /// The response to a request of Git LFS.
  record LargeFile() implements AnswerResult {}

  /// A page of a node, or the response of its API.
  record Page() implements AnswerResult {}

  /// Anything else: a CORS preflight, the probe before a large push, or a command of v2 that the
  /// proxy does not know.
  record Other() implements AnswerResult {}
}
