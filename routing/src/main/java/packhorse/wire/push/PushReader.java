package packhorse.wire.push;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import packhorse.wire.Capabilities;
import packhorse.wire.CapabilityCollector;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads the head of a push as git's `receive-pack` does, and never a byte of the pack that
/// follows. Input that it cannot read is rejected, because a command that the proxy overlooks would
/// pass every rule about refs.
public final class PushReader {

  private final PktReader in;
  private final List<RefUpdate> updates = new ArrayList<>();
  private final List<ObjectId> shallows = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final PushCertificate certificate = new PushCertificate();
  private final CapabilityCollector capabilities = new CapabilityCollector();
  private boolean signed;

  private PushReader(InputStream in) {
    this.in = new PktReader(in, WireLimits.PUSH_HEAD_BYTES);
    this.in.startRecording();
  }

  /// Reads the `shallow` lines, the commands or the push certificate, the flush, and, if the client
  /// announced them, the push options and their flush. Empty for a flush alone: git sends it as a
  /// probe before a large push, and over SSH when there is nothing to push.
  ///
  /// @param in the client's input. If it is buffered, the caller must read the pack from the same
  ///   buffer
  /// @throws WireException for anything that does not follow git's grammar or exceeds one of the
  ///   [WireLimits], also for an empty body
  public static Optional<Push> read(InputStream in) throws IOException {
    return new PushReader(in).readHead();
  }

  private Optional<Push> readHead() throws IOException {
    Pkt first = in.read();
    if (first instanceof Pkt.Flush) {
      return Optional.empty();
    }
    for (Pkt pkt = first; !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      parseLine(Pkt.requireText(pkt, "in the commands"));
    }
    if (signed) {
      addSignedCommands();
    }
    if (updates.isEmpty()) {
      throw new WireException("push without commands");
    }
    Capabilities announced = capabilities.capabilities();
    checkFormats(announced);
    if (announced.has("push-options")) {
      readOptions();
    }
    return Optional.of(new Push(updates, shallows, announced, options, signed, in.recordedBytes()));
  }

  private void parseLine(String line) throws IOException {
    if (line.startsWith("shallow ")) {
      shallows.add(ObjectId.parse(line.substring(8)));
      return;
    }
    int nul = line.indexOf('\0');
    String command = nul < 0 ? line : line.substring(0, nul);
    if (nul >= 0) {
      addCapabilities(line.substring(nul + 1));
    }
    if (command.equals("push-cert")) {
      if (signed) {
        throw new WireException("more than one push certificate");
      }
      signed = true;
      certificate.read(in);
    } else {
      addUpdate(RefUpdate.parse(command));
    }
  }

  private void addCapabilities(String text) throws WireException {
    if (text.indexOf('\0') >= 0) {
      throw new WireException("zero byte in the capabilities");
    }
    capabilities.addAll(text);
  }

  private void addSignedCommands() throws WireException {
    if (!updates.isEmpty()) {
      throw new WireException("both a push certificate and unsigned commands");
    }
    for (String command : certificate.commands()) {
      addUpdate(RefUpdate.parse(command));
    }
  }

  private void addUpdate(RefUpdate update) throws WireException {
    updates.add(update);
    if (updates.size() > WireLimits.PUSH_COMMANDS) {
      throw new WireException.TooLarge("more than " + WireLimits.PUSH_COMMANDS + " commands");
    }
  }

  private void checkFormats(Capabilities announced) throws WireException {
    ObjectFormat format = announced.objectFormat().orElse(updates.getFirst().newId().format());
    boolean same = updates.stream().allMatch(update -> update.newId().format() == format);
    if (!same || shallows.stream().anyMatch(id -> id.format() != format)) {
      throw new WireException("two object formats in one push");
    }
  }

  private void readOptions() throws IOException {
    int bytes = 0;
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      String option = Pkt.requireText(pkt, "in the push options");
      if (option.indexOf('\0') >= 0 || option.indexOf('\n') >= 0) {
        throw new WireException(
            "push option with a line break or a zero byte: " + WireText.quoted(option));
      }
      options.add(option);
      bytes += option.length();
      if (options.size() > WireLimits.PUSH_OPTIONS || bytes > WireLimits.PUSH_OPTION_BYTES) {
        throw new WireException.TooLarge(
            "more than "
                + WireLimits.PUSH_OPTIONS
                + " push options or "
                + WireLimits.PUSH_OPTION_BYTES
                + " bytes of them");
      }
    }
  }
}
