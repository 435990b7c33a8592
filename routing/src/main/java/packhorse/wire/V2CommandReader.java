package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads one v2 command from a client: `command=...` and capabilities, a delimiter, arguments, a
/// flush. Capabilities and arguments that we do not know are kept, not refused: the node judges
/// them. See gitprotocol-v2(5).
public final class V2CommandReader {

  private final PktReader in;
  private final Supplier<Bytes> raw;
  private final Words capabilities = new Words();
  private @Nullable String command;

  private V2CommandReader(PktReader in, Supplier<Bytes> raw) {
    this.in = in;
    this.raw = raw;
  }

  /// Reads one command up to its flush, and not a byte more. Empty where the input ends before a
  /// command, and for a flush alone: the client has nothing more to ask.
  ///
  /// @param in a reader with the cap [Limits#FETCH_BYTES]; the command is a unit of its own
  ///   ([PktReader#record])
  /// @throws WireException for anything that is not git's grammar
  public static Optional<V2Command> read(PktReader in) throws IOException {
    in.record();
    return new V2CommandReader(in, in::recorded).read();
  }

  /// Reads the command in a body. What stands behind its flush is not read, by git neither; it is
  /// part of [V2Command#raw] here, so that a body is relayed as it came.
  ///
  /// @param body at most [Limits#FETCH_BYTES]; not copied
  public static Optional<V2Command> read(Bytes body) throws WireException {
    try {
      return new V2CommandReader(new PktReader(body.stream(), Limits.FETCH_BYTES), () -> body)
          .read();
    } catch (WireException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory cannot fail", e);
    }
  }

  private Optional<V2Command> read() throws IOException {
    Optional<Pkt> first = in.next();
    if (first.isEmpty() || first.get() instanceof Pkt.Flush) {
      return Optional.empty();
    }
    Pkt pkt = first.get();
    while (pkt instanceof Pkt.Line line) {
      capability(line.text());
      pkt = in.read();
    }
    if (command == null) {
      throw new WireException("no command requested");
    }
    V2Request asked = request();
    V2Arguments arguments = V2Arguments.of(command, asked);
    if (pkt instanceof Pkt.Delim) {
      for (pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        arguments.add(PktText.of(pkt, "in the arguments"));
      }
    }
    if (!(pkt instanceof Pkt.Flush)) {
      throw new WireException("expected a flush after the request");
    }
    return Optional.of(arguments.command(asked.cameAs(raw.get())));
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

  private V2Request request() throws WireException {
    Capabilities said = capabilities.capabilities();
    List<String> unknown = new ArrayList<>();
    said.without("agent", "session-id", "object-format", "server-option")
        .words()
        .forEach(word -> Words.addUnknown(unknown, word));
    return new V2Request(
        Formats.announced(said).orElse(ObjectFormat.SHA1),
        Caller.of(said),
        said.values("server-option"),
        unknown,
        Bytes.EMPTY);
  }
}
