package packhorse.http;

import java.util.Optional;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.wire.Bytes;
import packhorse.wire.ErrorLines;
import packhorse.wire.Push;
import packhorse.wire.ReportComposer;
import packhorse.wire.Service;
import packhorse.wire.SideBand;

/// Our refusals in the forms that git shows, worded here and nowhere else in this front.
///
/// @param type of the body
record Words(int status, String type, Bytes body) {
  private static final String TEXT = "text/plain; charset=utf-8";

  /// What the client of a request hears.
  ///
  /// @param asked the service and step, where the request was read so far
  /// @param push the commands of a push that were read
  static Words of(
      Refusal refusal, String decision, Optional<Target.Git> asked, Optional<Push> push) {
    String sentence = reason(refusal, decision);
    int status = status(refusal.kind());
    boolean posted = asked.filter(git -> git.step() == GitRequest.Step.EXCHANGE).isPresent();
    if (!posted || saidByStatus(refusal.kind())) return text(status, sentence);
    Service service = asked.get().service();
    String type = "application/x-" + service.word() + "-result";
    if (service != Service.RECEIVE_PACK) return new Words(200, type, ErrorLines.err(sentence));
    // without its commands a push has no refs to report on, and git takes nothing else for an
    // answer
    return push.map(known ->
            new Words(
                200, type, ReportComposer.refusal(known, sentence, reason(refusal, decision))))
        .orElseGet(() -> text(status, sentence));
  }

  /// What a client hears that was given a part of the answer to its fetch already.
  static Bytes inBand(Refusal refusal, String decision) {
    return ErrorLines.band3(SideBand.SMALL, reason(refusal, decision) + "\n");
  }

  private static String reason(Refusal refusal, String decision) {
    return refusal.sentence() + " (decision " + decision + ")";
  }

  /// Whether git, or whoever is between, acts on the status: to ask for a password, or to come back
  /// later.
  private static boolean saidByStatus(Refusal.Kind kind) {
    return switch (kind) {
      case MOVED, NO_CREDENTIAL, WRONG_CREDENTIAL, WRONG_METHOD, WRONG_TYPE, BUSY, STOPPING -> true;
      default -> false;
    };
  }

  static int status(Refusal.Kind kind) {
    return switch (kind) {
      case MOVED -> 308;
      case NO_CREDENTIAL, WRONG_CREDENTIAL -> 401;
      case NOT_ALLOWED, READ_ONLY, IN_CLEAR -> 403;
      case NO_SUCH_SITE -> 421;
      case NO_SUCH_REPOSITORY, NOT_SERVED -> 404;
      case MALFORMED -> 400;
      case WRONG_METHOD -> 405;
      case WRONG_TYPE -> 415;
      case TOO_LARGE -> 413;
      case NODE_DOWN, BUSY, STOPPING -> 503;
      case NODE_FAILED -> 502;
      case INTERNAL -> 500;
    };
  }

  /// A body of text, which git prints behind `remote:` when it asked for refs.
  static Words text(int status, String sentence) {
    return new Words(status, TEXT, PlainText.of(sentence));
  }
}
