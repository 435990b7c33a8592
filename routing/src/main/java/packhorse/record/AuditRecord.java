package packhorse.record;

import java.util.Locale;
import java.util.Optional;
import packhorse.exchange.Answer;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
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
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One outcome as one line of JSON: who, what, where, which rule, which node, and how it ended. A
/// name that nobody checked stands under {@code claimed}. Nothing in it is a secret. Called on any
/// thread.
final class AuditRecord {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_REFS = 1000;

  private AuditRecord() {}

  /// The line, without a newline.
  static String of(Outcome outcome) {
    ObjectNode line = JSON.createObjectNode();
    line.put("time", outcome.arrival().at().toString());
    line.put("id", outcome.arrival().id());
    line.put("front", outcome.arrival().front().name().toLowerCase(Locale.ROOT));
    line.put("listener", outcome.arrival().listener());
    line.put("from", outcome.arrival().address());
    outcome.request().ifPresent(request -> request(line, request));
    outcome.placement().ifPresent(placement -> placement(line, placement));
    outcome
        .principal()
        .ifPresentOrElse(
            principal -> principal(line, principal),
            () -> outcome.request().ifPresent(request -> shown(line, request.credential())));
    line.put("outcome", outcome.word());
    outcome.permit().ifPresent(permit -> line.put("rule", permit.why()));
    outcome.refusal().ifPresent(refusal -> refusal(line, refusal));
    outcome.answer().ifPresent(answer -> answer(line, answer));
    outcome.failure().ifPresent(failure -> line.put("failure", Printable.of(failure)));
    line.put("took_ms", outcome.took().toMillis());
    return JSON.writeValueAsString(line);
  }

  private static void request(ObjectNode line, Request request) {
    line.put("operation", request.operation().word());
    line.put("repository", Printable.of(request.repository().name()));
    switch (request) {
      case GitRequest git -> {
        line.put("service", git.service().word());
        line.put("step", git.step().name().toLowerCase(Locale.ROOT));
        line.put("protocol", git.version().headerValue().orElse("version=0"));
      }
      case FileRequest file -> line.put("file", Printable.of(file.file()));
    }
  }

  private static void placement(ObjectNode line, Placement placement) {
    line.put("site", placement.site().name());
    line.put("pool", placement.pool().name());
  }

  private static void principal(ObjectNode line, Principal principal) {
    switch (principal) {
      case Principal.User(String name, String by) -> line.put("user", name).put("by", by);
      case Principal.Claimed(String name) -> line.put("claimed", Printable.of(name));
      case Principal.Anonymous() -> line.put("user", "");
    }
  }

  // refused before anybody was found behind it
  private static void shown(ObjectNode line, Credential credential) {
    switch (credential) {
      case Credential.Basic basic -> line.put("claimed", Printable.of(basic.user()));
      case Credential.Bearer bearer -> line.put("claimed", "bearer");
      case Credential.Other other -> line.put("claimed", Printable.of(other.scheme()));
      case Credential.SshKey key -> line.put("claimed", key.fingerprint());
      case Credential.None none -> line.put("user", "");
    }
  }

  private static void refusal(ObjectNode line, Refusal refusal) {
    line.put("refusal", refusal.kind().word());
    line.put("because", Printable.of(refusal.sentence()));
    line.put("rule", Printable.of(refusal.rule()));
  }

  private static void answer(ObjectNode line, Answer answer) {
    line.put("node", answer.node().name());
    line.put("route", answer.route().describe());
    line.put("status", answer.status());
    line.put("bytes", answer.bytes());
    if (!answer.failures().isEmpty()) {
      ArrayNode failures = line.putArray("failures");
      answer.failures().forEach(failure -> failures.add(Printable.of(failure)));
    }
    answer
        .push()
        .ifPresent(push -> {
          ArrayNode refs = line.putArray("refs");
          push.updates().stream()
              .limit(MOST_REFS)
              .forEach(update -> ref(refs.addObject(), update, answer.report()));
          line.put("refs_count", push.updates().size());
        });
  }

  private static void ref(ObjectNode entry, RefUpdate update, Optional<PushReport> report) {
    entry.put("ref", Printable.of(WireText.toUnicode(update.ref())));
    entry.put("change", update.kind().name().toLowerCase(Locale.ROOT));
    entry.put("old", update.oldId().hex());
    entry.put("new", update.newId().hex());
    entry.put("result", report.map(said -> result(said, update)).orElse("unknown"));
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
