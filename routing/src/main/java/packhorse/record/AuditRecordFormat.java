package packhorse.record;

import java.io.StringWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import packhorse.exchange.call.AnswerResult;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Credential;
import packhorse.request.GitRequest;
import packhorse.request.LfsRequest;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.Request;
import packhorse.request.WebRequest;
import packhorse.wire.push.Push;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Formats an outcome as an audit record, one line of JSON: the client, the operation, the
/// repository, the rule that decided, the node, and the result. A name that was not verified is
/// written under `claimed`, masked (see [MaskedName]). The record contains no secret. Called by
/// [OutcomeRecorder] on any thread.
final class AuditRecordFormat {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private AuditRecordFormat() {}

  /// Returns the record of an outcome, without a newline at the end.
  static String toJson(Outcome outcome) {
    return object(line -> write(line, outcome));
  }

  /// Returns the record of a push that is about to be sent to a node, without a newline at the end.
  /// The record of its outcome has the same id.
  static String toBeginJson(Permit permit, Push push) {
    Outcome begun =
        Outcome.of(permit.request())
            .withPlacement(permit.placement())
            .withPrincipal(permit.principal())
            .withPermit(permit);
    return object(line -> {
      writeClient(line, begun);
      line.writeStringProperty("outcome", "begun");
      rule(begun).ifPresent(rule -> line.writeStringProperty("rule", rule));
      new AuditAnswerFormat(line).writeRefs(push, update -> "begun");
    });
  }

  private static String object(Consumer<JsonGenerator> content) {
    var text = new StringWriter(512);
    try (JsonGenerator line = JSON.createGenerator(text)) {
      line.writeStartObject();
      content.accept(line);
      line.writeEndObject();
    }
    return text.toString();
  }

  private static void writeClient(JsonGenerator line, Outcome outcome) {
    line.writeStringProperty("time", outcome.arrival().receivedAt().toString());
    line.writeStringProperty("id", outcome.arrival().id());
    line.writeStringProperty("front", outcome.arrival().front().name().toLowerCase(Locale.ROOT));
    line.writeStringProperty("listener", outcome.arrival().listener());
    line.writeStringProperty("from", outcome.arrival().clientIp());
    outcome.request().ifPresent(request -> writeRequest(line, request, repository(outcome)));
    outcome.placement().ifPresent(placement -> writePlacement(line, placement));
    outcome
        .principal()
        .ifPresentOrElse(
            principal -> writePrincipal(line, principal),
            () ->
                outcome
                    .request()
                    .ifPresent(request -> writeUnverifiedCredential(line, request.credential())));
  }

  private static void write(JsonGenerator line, Outcome outcome) {
    writeClient(line, outcome);
    line.writeStringProperty("outcome", outcome.result());
    rule(outcome).ifPresent(rule -> line.writeStringProperty("rule", rule));
    outcome.refusal().ifPresent(refusal -> writeRefusal(line, outcome, refusal));
    AuditAnswerFormat answerFormat = new AuditAnswerFormat(line);
    outcome.answer().ifPresent(answerFormat::write);
    outcome.whyMayBeOld().ifPresent(reason -> line.writeStringProperty("may_be_old", reason));
    outcome
        .refusedPush()
        .filter(push -> !hasPushAnswer(outcome))
        .ifPresent(push -> answerFormat.writeRefs(push, update -> refusedResult(outcome)));
    outcome
        .failure()
        .ifPresent(failure -> line.writeStringProperty("failure", PrintableText.of(failure)));
    line.writeNumberProperty("took_ms", outcome.duration().toMillis());
  }

  private static boolean hasPushAnswer(Outcome outcome) {
    return outcome.answer().filter(a -> a.result() instanceof AnswerResult.Pushed).isPresent();
  }

  // A node that failed may have applied the push all the same.
  private static String refusedResult(Outcome outcome) {
    boolean byNode =
        outcome.refusal().filter(r -> r.kind() == Refusal.Kind.NODE_FAILED).isPresent();
    return byNode ? "unknown" : "refused";
  }

  // A request that was permitted can still be refused later. The record then gives the reason of
  // the refusal, not the rule that permitted the request.
  private static Optional<String> rule(Outcome outcome) {
    return outcome
        .refusal()
        .map(refusal -> PrintableText.of(refusal.detail()))
        .or(() -> outcome.permit().map(Permit::reason));
  }

  // Before its pool is known, a repository has no other name than that in the request.
  private static String repository(Outcome outcome) {
    return outcome
        .placement()
        .map(Placement::repositoryName)
        .or(() -> outcome.request().map(Request::name))
        .orElse("");
  }

  private static void writeRequest(JsonGenerator line, Request request, String repository) {
    line.writeStringProperty("operation", request.operation().label());
    line.writeStringProperty("repository", PrintableText.of(repository));
    switch (request) {
      case GitRequest git -> {
        line.writeStringProperty("service", git.service().serviceName());
        line.writeStringProperty("step", git.step().name().toLowerCase(Locale.ROOT));
        line.writeStringProperty("protocol", git.version().headerValue().orElse("version=0"));
      }
      case LfsRequest lfs -> line.writeStringProperty("lfs", lfs.call().label());
      case WebRequest web -> {
        line.writeStringProperty("method", PrintableText.of(web.method()));
        line.writeStringProperty("path", PrintableText.of(web.path().raw()));
      }
    }
  }

  private static void writePlacement(JsonGenerator line, Placement placement) {
    line.writeStringProperty("site", placement.site().name());
    line.writeStringProperty("pool", placement.pool().name());
  }

  private static void writePrincipal(JsonGenerator line, Principal principal) {
    switch (principal) {
      case Principal.User(String name, String authenticatedBy) -> {
        line.writeStringProperty("user", name);
        line.writeStringProperty("by", authenticatedBy);
      }
      case Principal.Claimed(String name) ->
          line.writeStringProperty("claimed", MaskedName.of(name));
      case Principal.Anonymous() -> line.writeStringProperty("user", "");
    }
  }

  // Describes the client of a request that was refused before its credential was verified.
  private static void writeUnverifiedCredential(JsonGenerator line, Credential credential) {
    switch (credential) {
      case Credential.Basic basic ->
          line.writeStringProperty("claimed", MaskedName.of(basic.user()));
      case Credential.Bearer bearer -> line.writeStringProperty("claimed", "bearer");
      case Credential.OtherScheme other ->
          line.writeStringProperty("claimed", MaskedName.of(other.scheme()));
      case Credential.SshKey key -> line.writeStringProperty("claimed", key.fingerprint());
      case Credential.NoCredential none -> line.writeStringProperty("user", "");
    }
  }

  private static void writeRefusal(JsonGenerator line, Outcome outcome, Refusal refusal) {
    if (!outcome.isChallenge()) line.writeStringProperty("refusal", refusal.kind().label());
    line.writeStringProperty("because", PrintableText.of(refusal.message()));
  }
}
