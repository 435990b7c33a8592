package packhorse.wire;

import java.io.IOException;
import java.util.List;

/// Composes v2 commands: those that we ask on our own, and those that were said to us in another
/// dialect.
public final class V2Writer {

  private V2Writer() {}

  /// `ls-refs` with peeled ids and symref targets.
  ///
  /// @param prefixes none for all refs
  /// @param unborn whether to ask for a `HEAD` without a branch, which the node must have offered
  public static Bytes lsRefs(
      ObjectFormat format, Caller caller, List<String> prefixes, boolean unborn) {
    return write(out -> {
      head("ls-refs", format, caller, List.of(), out);
      out.line("peel").line("symrefs");
      if (unborn) {
        out.line("unborn");
      }
      for (String prefix : prefixes) {
        out.line("ref-prefix " + prefix);
      }
    });
  }

  /// `fetch`.
  ///
  /// @throws IllegalArgumentException for a fetch with words that we do not know: such a one is
  ///   relayed as it came, since its words may have stood anywhere
  public static Bytes fetch(Fetch fetch) {
    if (!fetch.unknown().isEmpty()) {
      throw new IllegalArgumentException("a fetch with unknown words is relayed, not written anew");
    }
    return write(out -> {
      head("fetch", fetch.format(), fetch.caller(), fetch.serverOptions(), out);
      for (FetchOption option : fetch.question().options()) {
        out.line(option.word());
      }
      if (fetch.dialect() instanceof Dialect.V2 v2 && v2.sidebandAll()) {
        out.line("sideband-all");
      }
      for (String uris : fetch.packfileUris()) {
        out.line("packfile-uris " + uris);
      }
      asked(fetch, out);
      had(fetch, out);
    });
  }

  private static void asked(Fetch fetch, PktWriter out) throws IOException {
    for (ObjectId id : fetch.wants()) {
      out.line("want " + id);
    }
    for (String ref : fetch.wantRefs()) {
      out.line("want-ref " + ref);
    }
    DeepenLines.write(fetch.deepen(), out);
    if (fetch.deepen() instanceof Deepen.Depth depth && depth.relative()) {
      out.line("deepen-relative");
    }
    if (fetch.filter().isPresent()) {
      out.line("filter " + fetch.filter().get());
    }
  }

  private static void had(Fetch fetch, PktWriter out) throws IOException {
    for (ObjectId id : fetch.shallows()) {
      out.line("shallow " + id);
    }
    for (ObjectId id : fetch.haves()) {
      out.line("have " + id);
    }
    if (fetch.done()) {
      out.line("done");
    }
  }

  private static void head(
      String command, ObjectFormat format, Caller caller, List<String> serverOptions, PktWriter out)
      throws IOException {
    out.line("command=" + command);
    if (caller.agent().isPresent()) {
      out.line("agent=" + caller.agent().get());
    }
    if (caller.sessionId().isPresent()) {
      out.line("session-id=" + caller.sessionId().get());
    }
    out.line("object-format=" + format.word());
    for (String option : serverOptions) {
      out.line("server-option=" + option);
    }
    out.delim();
  }

  private static Bytes write(PktWriter.Writing command) {
    return PktWriter.toBytes(out -> {
      command.to(out);
      out.flush();
    });
  }
}
