package packhorse.wire.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.CapabilityCollector;
import packhorse.wire.ClientAgent;
import packhorse.wire.ObjectFormat;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads a v2 command from a client: `command=...` and capabilities, a delimiter, arguments, and a
/// flush. Unknown capabilities and arguments are kept instead of being rejected; the node decides
/// about them. See gitprotocol-v2(5).
public final class V2CommandReader {

  private static final String COMMAND_PREFIX = "command=";

  private final PktReader in;
  private final Supplier<ByteString> rawBytes;
  private final CapabilityCollector capabilities = new CapabilityCollector();
  private @Nullable String command;

  private V2CommandReader(PktReader in, Supplier<ByteString> rawBytes) {
    this.in = in;
    this.rawBytes = rawBytes;
  }

  /// Reads one command up to its flush, and not a byte more. Returns empty when the input ends
  /// before a command, or when the client sends only a flush, which ends the conversation.
  ///
  /// @param in a reader with the limit [WireLimits#FETCH_REQUEST_BYTES], which applies to each
  ///   command ([PktReader#startRecording])
  /// @throws WireException for anything that does not follow git's grammar
  public static Optional<V2Command> read(PktReader in) throws IOException {
    in.startRecording();
    return new V2CommandReader(in, in::recordedBytes).read();
  }

  /// Reads the command in a request body. Like git, it does not read what follows the command's
  /// flush; [V2Command#raw] includes it, so that the body is relayed unchanged. Returns empty for
  /// an empty body and for a flush alone.
  ///
  /// @param body at most [WireLimits#FETCH_REQUEST_BYTES]; not copied
  /// @throws WireException for anything that does not follow git's grammar
  public static Optional<V2Command> read(ByteString body) throws WireException {
    PktReader in = new PktReader(body.newInputStream(), WireLimits.FETCH_REQUEST_BYTES);
    try {
      return new V2CommandReader(in, () -> body).read();
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
      parseHeaderLine(line.text());
      pkt = in.read();
    }
    if (command == null) {
      throw new WireException("no command requested");
    }
    V2CommandHeader header = header();
    V2ArgumentParser arguments = V2ArgumentParser.of(command, header);
    if (pkt instanceof Pkt.Delim) {
      for (pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        arguments.add(Pkt.requireText(pkt, "in the arguments"));
      }
    }
    if (!(pkt instanceof Pkt.Flush)) {
      throw new WireException("expected a flush after the request");
    }
    return Optional.of(arguments.toCommand(header.withRaw(rawBytes.get())));
  }

  private void parseHeaderLine(String line) throws WireException {
    if (!line.startsWith(COMMAND_PREFIX)) {
      capabilities.add(line);
      return;
    }
    String name = line.substring(COMMAND_PREFIX.length());
    if (command != null) {
      throw new WireException(
          "command " + WireText.quoted(name) + " requested after " + WireText.quoted(command));
    }
    command = name;
  }

  private V2CommandHeader header() throws WireException {
    Capabilities clientCapabilities = capabilities.capabilities();
    List<String> unknown = new ArrayList<>();
    clientCapabilities
        .without("agent", "session-id", "object-format", "server-option")
        .entries()
        .forEach(capability -> FetchArguments.addUnknown(unknown, capability));
    return new V2CommandHeader(
        clientCapabilities.objectFormat().orElse(ObjectFormat.SHA1),
        ClientAgent.of(clientCapabilities),
        clientCapabilities.values("server-option"),
        unknown,
        ByteString.EMPTY);
  }
}
