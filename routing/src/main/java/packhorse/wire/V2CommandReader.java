package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one v2 command from a client: `command=...` and capabilities, a delimiter, arguments, a
/// flush. Capabilities and arguments that we do not know are kept, not refused: the node judges
/// them. See gitprotocol-v2(5).
public final class V2CommandReader {

  private final PktReader in;
  private final List<String> arguments = new ArrayList<>();
  private final List<String> capabilities = new ArrayList<>();
  private @Nullable String command;

  private V2CommandReader(PktReader in) {
    this.in = in;
  }

  /// Reads one command up to its flush, and not a byte more. Empty where the input ends before a
  /// command, and for a flush alone: the client has nothing more to ask.
  ///
  /// @param in a reader with the cap [Limits#FETCH_BYTES]; the command is a unit of its own
  ///   ([PktReader#record])
  /// @throws WireException for anything that is not git's grammar
  public static Optional<V2Command> read(PktReader in) throws IOException {
    in.record();
    Optional<Pkt> first = in.next();
    if (first.isEmpty() || first.get() instanceof Pkt.Flush) {
      return Optional.empty();
    }
    return Optional.of(new V2CommandReader(in).command(first.get()));
  }

  private V2Command command(Pkt first) throws IOException {
    Pkt pkt = first;
    while (pkt instanceof Pkt.Line line) {
      capability(line.text());
      pkt = in.read();
    }
    if (command == null) {
      throw new WireException("no command requested");
    }
    if (pkt instanceof Pkt.Delim) {
      for (pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        arguments.add(PktText.of(pkt, "in the arguments"));
      }
    }
    if (!(pkt instanceof Pkt.Flush)) {
      throw new WireException("expected a flush after the request");
    }
    return build(command);
  }

  private void capability(String line) throws WireException {
    if (!line.startsWith("command=")) {
      capabilities.add(line);
    } else if (command != null) {
      throw new WireException(
          "command "
              + WireText.quoted(line.substring(8))
              + " requested after "
              + WireText.quoted(command));
    } else {
      command = line.substring(8);
    }
  }

  private V2Command build(String name) throws WireException {
    Capabilities said = new Capabilities(capabilities);
    Optional<ObjectFormat> announced = Formats.announced(said);
    V2Request request =
        new V2Request(
            announced.orElse(ObjectFormat.SHA1),
            Caller.of(said),
            said.values("server-option"),
            said.without("agent", "session-id", "object-format", "server-option").words(),
            in.recorded());
    return switch (name) {
      case "ls-refs" -> lsRefs(request);
      case "fetch" -> fetch(request);
      default -> new V2Command.Other(name, request);
    };
  }

  private V2Command lsRefs(V2Request request) {
    List<String> prefixes = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith("ref-prefix ")) {
        prefixes.add(argument.substring("ref-prefix ".length()));
      } else if (!Set.of("peel", "symrefs", "unborn").contains(argument)) {
        unknown.add(argument);
      }
    }
    return new V2Command.LsRefs(
        prefixes.size() > Limits.REF_PREFIXES ? List.of() : prefixes,
        arguments.contains("peel"),
        arguments.contains("symrefs"),
        arguments.contains("unborn"),
        unknown,
        request);
  }

  private V2Command fetch(V2Request request) throws WireException {
    FetchLines lines = new FetchLines();
    lines.announced(Optional.of(request.format()));
    boolean sidebandAll = false;
    for (String argument : arguments) {
      if (argument.equals("sideband-all")) {
        sidebandAll = true;
      } else {
        fetchArgument(argument, lines);
      }
    }
    request.unknown().forEach(lines::unknown);
    Fetch.Question question = lines.question(request.serverOptions());
    return new V2Command.FetchCommand(
        new Fetch(question, request.caller(), new Dialect.V2(sidebandAll)), request);
  }

  private static void fetchArgument(String argument, FetchLines lines) throws WireException {
    Optional<FetchOption> option = FetchOption.of(argument);
    if (option.isPresent()) {
      lines.option(option.get());
    } else if (argument.startsWith("want ")) {
      lines.want(argument.substring(5));
    } else if (argument.startsWith("have ")) {
      lines.have(argument.substring(5));
    } else if (argument.startsWith("want-ref ")) {
      lines.wantRef(argument.substring(9));
    } else if (argument.startsWith("packfile-uris ")) {
      lines.packfileUris(argument.substring(14));
    } else if (argument.equals("deepen-relative")) {
      lines.relative();
    } else if (argument.equals("done")) {
      lines.done();
    } else if (!lines.wantsLine(argument)) {
      lines.unknown(argument);
    }
  }
}
