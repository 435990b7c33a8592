package packhorse.wire.fetch;

import java.io.IOException;
import java.util.List;
import packhorse.wire.ByteString;
import packhorse.wire.ClientAgent;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.PktWriter;

/// Writes v2 commands: those of the proxy itself, and those that clients sent in another dialect.
public final class V2CommandWriter {

  private V2CommandWriter() {}

  /// An `ls-refs` command that requests peeled ids and symref targets.
  ///
  /// @param prefixes empty for all refs
  /// @param unborn whether to request an unborn `HEAD`; only for nodes that advertise this feature
  public static ByteString lsRefs(
      ObjectFormat format, ClientAgent clientAgent, List<String> prefixes, boolean unborn) {
    return write(out -> {
      writeHeader("ls-refs", format, clientAgent, List.of(), out);
      out.writeLine("peel").writeLine("symrefs");
      if (unborn) {
        out.writeLine("unborn");
      }
      for (String prefix : prefixes) {
        out.writeLine("ref-prefix " + prefix);
      }
    });
  }

  /// A `fetch` command.
  ///
  /// @throws IllegalArgumentException for a fetch with unknown arguments. It must be relayed as it
  ///   was received, because the position of those arguments is not known any more
  public static ByteString fetch(Fetch fetch) {
    if (!fetch.unknownArguments().isEmpty()) {
      throw new IllegalArgumentException("a fetch with unknown arguments can only be relayed");
    }
    return write(out -> {
      writeHeader("fetch", fetch.format(), fetch.clientAgent(), fetch.serverOptions(), out);
      for (FetchOption option : fetch.key().options()) {
        out.writeLine(option.keyword());
      }
      if (fetch.dialect() instanceof FetchDialect.V2 v2 && v2.sidebandAll()) {
        out.writeLine("sideband-all");
      }
      for (String uris : fetch.packfileUris()) {
        out.writeLine("packfile-uris " + uris);
      }
      writeWants(fetch, out);
      writeHistory(fetch, out);
    });
  }

  private static void writeWants(Fetch fetch, PktWriter out) throws IOException {
    for (ObjectId id : fetch.wants()) {
      out.writeLine("want " + id);
    }
    for (String ref : fetch.wantRefs()) {
      out.writeLine("want-ref " + ref);
    }
    fetch.deepen().writeTo(out);
    if (fetch.deepen() instanceof Deepen.Depth depth && depth.relative()) {
      out.writeLine("deepen-relative");
    }
    if (fetch.filter().isPresent()) {
      out.writeLine("filter " + fetch.filter().get());
    }
  }

  private static void writeHistory(Fetch fetch, PktWriter out) throws IOException {
    for (ObjectId id : fetch.shallows()) {
      out.writeLine("shallow " + id);
    }
    for (ObjectId id : fetch.haves()) {
      out.writeLine("have " + id);
    }
    if (fetch.done()) {
      out.writeLine("done");
    }
  }

  private static void writeHeader(
      String command,
      ObjectFormat format,
      ClientAgent clientAgent,
      List<String> serverOptions,
      PktWriter out)
      throws IOException {
    out.writeLine("command=" + command);
    if (clientAgent.agent().isPresent()) {
      out.writeLine("agent=" + clientAgent.agent().get());
    }
    if (clientAgent.sessionId().isPresent()) {
      out.writeLine("session-id=" + clientAgent.sessionId().get());
    }
    out.writeLine("object-format=" + format.gitName());
    for (String option : serverOptions) {
      out.writeLine("server-option=" + option);
    }
    out.writeDelim();
  }

  private static ByteString write(PktWriter.PktSource command) {
    return PktWriter.toByteString(out -> {
      command.writeTo(out);
      out.writeFlush();
    });
  }
}
