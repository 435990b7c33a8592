package packhorse.http.front;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import packhorse.request.GitRequest;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.SideBand;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReportWriter;
import tools.jackson.databind.json.JsonMapper;

/// A refusal as an HTTP response, in the form that git or Git LFS shows to its user. All refusals
/// of this front are formatted here.
record RefusalResponse(int status, String contentType, ByteString body) {
  /// Sent when the proxy has failed to produce any other response.
  static final String NO_RESPONSE = "no response could be produced; the proxy's log has the reason";

  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// The response to a request.
  ///
  /// @param target the service and step, if the request's target could be read
  /// @param push the commands of a push, if they could be read
  static RefusalResponse of(
      Refusal refusal,
      String decisionId,
      Optional<RequestTarget.ServiceTarget> target,
      Optional<Push> push) {
    boolean exchange = target.filter(to -> to.step() == GitRequest.Step.EXCHANGE).isPresent();
    if (!exchange || needsStatus(refusal.kind())) {
      return plainText(status(refusal.kind()), refusal, decisionId);
    }
    String message = message(refusal, decisionId);
    GitService service = target.get().service();
    String type = "application/x-" + service.serviceName() + "-result";
    if (service != GitService.RECEIVE_PACK) {
      return new RefusalResponse(OK, type, ErrorPkts.errPkt(message));
    }
    // If the commands are unknown, there are no refs to report on, and git accepts no other
    // response to a push.
    return push.map(commands ->
            new RefusalResponse(OK, type, PushReportWriter.refusal(commands, message, message)))
        .orElseGet(() -> plainText(status(refusal.kind()), refusal, decisionId));
  }

  /// The response to a request of Git LFS (its API's "Response Errors").
  static RefusalResponse largeFiles(Refusal refusal, String decisionId) {
    var error =
        Map.of("message", printable(message(refusal, decisionId)), "request_id", decisionId);
    var body = ByteString.copyOf(JSON.writeValueAsBytes(error));
    return new RefusalResponse(status(refusal.kind()), LargeFileRequest.MEDIA_TYPE, body);
  }

  /// The end of a response to a fetch that has already been started.
  static ByteString sideBandError(Refusal refusal, String decisionId) {
    return ErrorPkts.errorBand(SideBand.SIDE_BAND, message(refusal, decisionId));
  }

  private static String message(Refusal refusal, String decisionId) {
    return refusal.message() + " (decision " + decisionId + ")";
  }

  /// Whether git, or a program between it and the proxy, acts on the status: asks for a password,
  /// follows a redirect, or tries again later.
  private static boolean needsStatus(Refusal.Kind kind) {
    return switch (kind) {
      case MOVED, NO_CREDENTIAL, WRONG_CREDENTIAL, TOO_MANY_FAILURES -> true;
      case WRONG_METHOD, WRONG_TYPE, BUSY, STOPPING -> true;
      default -> false;
    };
  }

  private static int status(Refusal.Kind kind) {
    return switch (kind) {
      case MOVED -> 308;
      case NO_CREDENTIAL, WRONG_CREDENTIAL -> 401;
      case NOT_ALLOWED, READ_ONLY, IN_CLEAR, NODE_SETTING -> 403;
      case NO_SUCH_SITE -> 421;
      case NO_SUCH_REPOSITORY, NOT_SERVED -> 404;
      case MALFORMED -> 400;
      case INVALID_BODY -> 422;
      case WRONG_METHOD -> 405;
      case WRONG_TYPE -> 415;
      case TOO_LARGE -> 413;
      case TOO_SLOW -> 408;
      case TOO_MANY_FAILURES -> 429;
      case NODE_DOWN, BUSY, STOPPING -> 503;
      case NODE_FAILED -> 502;
      case INTERNAL -> 500;
    };
  }

  static RefusalResponse plainText(int status, Refusal refusal, String decisionId) {
    return plainText(status, message(refusal, decisionId));
  }

  /// A response with one line of text, which git prints after `remote:` if it requested a ref
  /// advertisement.
  static RefusalResponse plainText(int status, String message) {
    return new RefusalResponse(status, PLAIN_TEXT, line(message));
  }

  private static ByteString line(String text) {
    return ByteString.copyOf((printable(text) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  // Control characters, which a quoted value may have, must not reach a terminal.
  private static String printable(String text) {
    var line = new StringBuilder(text.length());
    text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(line::appendCodePoint);
    return line.toString();
  }
}
