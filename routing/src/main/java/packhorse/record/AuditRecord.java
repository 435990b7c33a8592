package packhorse.record;

import java.io.StringWriter;
import java.util.Locale;
import java.util.Optional;
import packhorse.exchange.Answer;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.request.Credential;
import packhorse.request.FileRequest;
import packhorse.request.GitRequest;
import packhorse.request.Printable;
import packhorse.request.Refusal;
import packhorse.request.Request;
import packhorse.wire.PushReport;
import packhorse.wire.RefStatus;
import packhorse.wire.RefUpdate;
import packhorse.wire.WireText;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// One outcome as one line of JSON: who, what, where, which rule, which node, and how it ended. A
/// name that nobody checked stands under {@code claimed}. Nothing in it is a secret. Called on any
/// thread.
final class AuditRecord {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_REFS = 1000;

  private AuditRecord() {}

  /// The line, without a newline.
  static String of(Outcome outcome) {
    var text = new StringWriter(512);
    try (JsonGenerator line = JSON.createGenerator(text)) {
      line.writeStartObject();
      write(line, outcome);
      line.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator line, Outcome outcome) {
    line.writeStringProperty("time", outcome.arrival().at().toString());
    line.writeStringProperty("id", outcome.arrival().id());
    line.writeStringProperty("front", outcome.arrival().front().name().toLowerCase(Locale.ROOT));
    line.writeStringProperty("listener", outcome.arrival().listener());
    line.writeStringProperty("from", outcome.arrival().address());
    outcome.request().ifPresent(request -> request(line, request));
    outcome.placement().ifPresent(placement -> placement(line, placement));
    outcome
        .principal()
        .ifPresentOrElse(
            principal -> principal(line, principal),
            () -> outcome.request().ifPresent(request -> shown(line, request.credential())));
    line.writeStringProperty("outcome", outcome.word());
    rule(outcome).ifPresent(rule -> line.writeStringProperty("rule", rule));
    outcome.refusal().ifPresent(refusal -> refusal(line, refusal));
    outcome.answer().ifPresent(answer -> answer(line, answer));
    outcome
        .failure()
        .ifPresent(failure -> line.writeStringProperty("failure", Printable.of(failure)));
    line.writeNumberProperty("took_ms", outcome.took().toMillis());
  }

  // a refusal's rule is the last word: it can come after a permit
  private static Optional<String> rule(Outcome outcome) {
    return outcome
        .refusal()
        .map(refusal -> Printable.of(refusal.rule()))
        .or(() -> outcome.permit().map(Permit::why));
  }

  private static void request(JsonGenerator line, Request request) {
    line.writeStringProperty("operation", request.operation().word());
    line.writeStringProperty("repository", Printable.of(request.repository().name()));
    switch (request) {
      case GitRequest git -> {
        line.writeStringProperty("service", git.service().word());
        line.writeStringProperty("step", git.step().name().toLowerCase(Locale.ROOT));
        line.writeStringProperty("protocol", git.version().headerValue().orElse("version=0"));
      }
      case FileRequest file -> line.writeStringProperty("file", Printable.of(file.file()));
    }
  }

  private static void placement(JsonGenerator line, Placement placement) {
    line.writeStringProperty("site", placement.site().name());
    line.writeStringProperty("pool", placement.pool().name());
  }

  private static void principal(JsonGenerator line, Principal principal) {
    switch (principal) {
      case Principal.User(String name, String by) -> {
        line.writeStringProperty("user", name);
        line.writeStringProperty("by", by);
      }
      case Principal.Claimed(String name) ->
          line.writeStringProperty("claimed", Printable.of(name));
      case Principal.Anonymous() -> line.writeStringProperty("user", "");
    }
  }

  // refused before anybody was found behind it
  private static void shown(JsonGenerator line, Credential credential) {
    switch (credential) {
      case Credential.Basic basic ->
          line.writeStringProperty("claimed", Printable.of(basic.user()));
      case Credential.Bearer bearer -> line.writeStringProperty("claimed", "bearer");
      case Credential.Other other ->
          line.writeStringProperty("claimed", Printable.of(other.scheme()));
      case Credential.SshKey key -> line.writeStringProperty("claimed", key.fingerprint());
      case Credential.None none -> line.writeStringProperty("user", "");
    }
  }

  private static void refusal(JsonGenerator line, Refusal refusal) {
    line.writeStringProperty("refusal", refusal.kind().word());
    line.writeStringProperty("because", Printable.of(refusal.sentence()));
  }

  private static void answer(JsonGenerator line, Answer answer) {
    line.writeStringProperty("node", answer.node().name());
    line.writeStringProperty("route", answer.route().describe());
    line.writeNumberProperty("status", answer.status());
    line.writeNumberProperty("bytes", answer.bytes());
    if (!answer.failures().isEmpty()) {
      line.writeArrayPropertyStart("failures");
      answer.failures().forEach(failure -> line.writeString(Printable.of(failure)));
      line.writeEndArray();
    }
    answer
        .push()
        .ifPresent(push -> {
          line.writeArrayPropertyStart("refs");
          push.updates().stream()
              .limit(MOST_REFS)
              .forEach(update -> ref(line, update, answer.report()));
          line.writeEndArray();
          line.writeNumberProperty("refs_count", push.updates().size());
        });
  }

  private static void ref(JsonGenerator line, RefUpdate update, Optional<PushReport> report) {
    line.writeStartObject();
    line.writeStringProperty("ref", Printable.of(WireText.toUnicode(update.ref())));
    line.writeStringProperty("change", update.kind().name().toLowerCase(Locale.ROOT));
    line.writeStringProperty("old", update.oldId().hex());
    line.writeStringProperty("new", update.newId().hex());
    line.writeStringProperty("result", report.map(said -> result(said, update)).orElse("unknown"));
    line.writeEndObject();
  }

  private static String result(PushReport report, RefUpdate update) {
    return report.refs().stream()
        .filter(status -> status.ref().equals(update.ref()))
        .findFirst()
        .map(AuditRecord::words)
        .orElse("unknown");
  }

  private static String words(RefStatus status) {
    return status
        .refused()
        .map(reason -> "ng " + Printable.of(WireText.toUnicode(reason)))
        .orElse("ok");
  }
}
