package packhorse.record;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Answer.Attempt;
import packhorse.exchange.call.AnswerResult;
import packhorse.request.PrintableText;
import packhorse.wire.ObjectId;
import packhorse.wire.WireText;
import packhorse.wire.fetch.Deepen;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchDialect;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReport;
import packhorse.wire.push.RefStatus;
import packhorse.wire.push.RefUpdate;
import tools.jackson.core.JsonGenerator;

/// Writes the part of an audit record that describes an answer: the node, what the client received,
/// and for a fetch or a push what was requested. Called by [AuditRecordFormat].
final class AuditAnswerFormat {
  /// The number of refs of a push that a record lists; `refs_count` counts all of them.
  private static final int MAX_REFS = 1000;

  /// The number of wanted objects and refs of a fetch that a record lists; `wants_count` counts all
  /// of them.
  private static final int MAX_WANTS = 3;

  private final JsonGenerator line;

  AuditAnswerFormat(JsonGenerator line) {
    this.line = line;
  }

  void write(Answer answer) {
    line.writeStringProperty("node", answer.node().name());
    line.writeStringProperty("route", answer.route().describe());
    line.writeNumberProperty("tried", answer.attempts().size() + 1);
    line.writeNumberProperty("status", answer.status());
    line.writeNumberProperty("bytes", answer.bytes());
    writeTexts("failures", answer.failures().stream().map(Attempt::description));
    writeTexts(
        "lacking",
        answer.attempts().stream().filter(Attempt::lacked).map(attempt -> attempt.node().name()));
    switch (answer.result()) {
      case AnswerResult.RefList list -> writeKind("list");
      case AnswerResult.Fetched fetched -> writeFetched(fetched);
      case AnswerResult.Pushed(Push push, Optional<PushReport> report) -> {
        writeKind("push");
        writeRefs(push, update -> report.map(list -> result(list, update)).orElse("unknown"));
      }
      case AnswerResult.Archive() -> writeKind("archive");
      case AnswerResult.LargeFile() -> writeKind("large-file");
      case AnswerResult.Page() -> writeKind("page");
      case AnswerResult.File() -> writeKind("file");
      case AnswerResult.Other() -> writeKind("other");
    }
  }

  private void writeTexts(String name, Stream<String> texts) {
    List<String> all = texts.toList();
    if (all.isEmpty()) return;
    line.writeArrayPropertyStart(name);
    all.forEach(text -> line.writeString(PrintableText.of(text)));
    line.writeEndArray();
  }

  private void writeKind(String kind) {
    line.writeStringProperty("answer", kind);
  }

  private void writeFetched(AnswerResult.Fetched fetched) {
    writeKind("fetch");
    Fetch fetch = fetched.fetch();
    line.writeStringProperty("dialect", fetch.dialect() instanceof FetchDialect.V2 ? "v2" : "v0");
    line.writeArrayPropertyStart("wants");
    Stream.concat(
            fetch.wants().stream().map(ObjectId::hex),
            fetch.wantRefs().stream().map(PrintableText::ofName))
        .limit(MAX_WANTS)
        .forEach(line::writeString);
    line.writeEndArray();
    line.writeNumberProperty("wants_count", fetch.wants().size() + fetch.wantRefs().size());
    line.writeNumberProperty("haves_count", fetched.haves());
    depth(fetch.deepen()).ifPresent(depth -> line.writeStringProperty("depth", depth));
    fetch
        .filter()
        .ifPresent(filter -> line.writeStringProperty("filter", PrintableText.ofName(filter)));
    line.writeNumberProperty("pack_bytes", fetched.packBytes());
    fetched.packObjects().ifPresent(objects -> line.writeNumberProperty("pack_objects", objects));
  }

  // The arguments of the fetch as gitprotocol-v2(5) names them, without the word "deepen".
  private static Optional<String> depth(Deepen deepen) {
    return switch (deepen) {
      case Deepen.None none -> Optional.empty();
      case Deepen.Depth(int commits, boolean relative) ->
          Optional.of(commits + (relative ? " relative" : ""));
      case Deepen.Exclusion exclusion -> {
        String since =
            exclusion.since().isPresent() ? "since " + exclusion.since().getAsLong() : "";
        List<String> refs = exclusion.excludedRefs();
        String not = refs.isEmpty() ? "" : " not " + PrintableText.ofName(refs.getFirst());
        String more = refs.size() > 1 ? " and " + (refs.size() - 1) + " more" : "";
        yield Optional.of((since + not + more).strip());
      }
    };
  }

  /// Writes the refs of a push, with what became of each.
  ///
  /// @param result what became of a ref
  void writeRefs(Push push, RefResult result) {
    line.writeArrayPropertyStart("refs");
    push.updates().stream().limit(MAX_REFS).forEach(update -> writeRef(update, result.of(update)));
    line.writeEndArray();
    line.writeNumberProperty("refs_count", push.updates().size());
  }

  /// Says what became of a ref.
  interface RefResult {
    String of(RefUpdate update);
  }

  private void writeRef(RefUpdate update, String result) {
    line.writeStartObject();
    line.writeStringProperty("ref", PrintableText.ofName(update.ref()));
    line.writeStringProperty("change", update.kind().name().toLowerCase(Locale.ROOT));
    line.writeStringProperty("old", update.oldId().hex());
    line.writeStringProperty("new", update.newId().hex());
    line.writeStringProperty("result", result);
    line.writeEndObject();
  }

  private static String result(PushReport report, RefUpdate update) {
    return report.refStatuses().stream()
        .filter(status -> status.ref().equals(update.ref()))
        .findFirst()
        .map(AuditAnswerFormat::describe)
        .orElse("unknown");
  }

  private static String describe(RefStatus status) {
    return status
        .errorMessage()
        .map(message -> "ng " + PrintableText.of(WireText.toUnicode(message)))
        .orElse("ok");
  }
}
