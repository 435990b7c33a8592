package packhorse.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the head of a push as git's `receive-pack` reads it, and never a byte of the pack behind
/// it. What it cannot read it refuses: a command that we overlooked would pass every rule about
/// refs.
public final class PushReader {

  private final PktReader in;
  private final List<RefUpdate> updates = new ArrayList<>();
  private final List<ObjectId> shallows = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final PushCertificate certificate = new PushCertificate();
  private final Words words = new Words();
  private boolean signed;

  private PushReader(InputStream in) {
    this.in = new PktReader(in, Limits.PUSH_HEAD_BYTES);
    this.in.record();
  }

  /// Reads shallow lines, commands or a push certificate, the flush, and push options and their
  /// flush where the client announced them. Empty for a flush alone: git's probe before a large
  /// push, or an SSH client that has nothing to push.
  ///
  /// @param in buffered, if anything, by somebody who reads on from the same buffer
  /// @throws WireException for anything that is not git's grammar, or more than [Limits] allow;
  ///   also for a body without a byte
  public static Optional<Push> read(InputStream in) throws IOException {
    return new PushReader(in).head();
  }

  private Optional<Push> head() throws IOException {
    Pkt first = in.read();
    if (first instanceof Pkt.Flush) {
      return Optional.empty();
    }
    for (Pkt pkt = first; !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      line(PktText.of(pkt, "in the commands"));
    }
    if (signed) {
      addSigned();
    }
    if (updates.isEmpty()) {
      throw new WireException("push without commands");
    }
    Capabilities capabilities = words.capabilities();
    checkFormats(capabilities);
    if (capabilities.has("push-options")) {
      readOptions();
    }
    return Optional.of(new Push(updates, shallows, capabilities, options, signed, in.recorded()));
  }

  private void line(String line) throws IOException {
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
      add(RefUpdate.parse(command));
    }
  }

  private void addCapabilities(String text) throws WireException {
    if (text.indexOf('\0') >= 0) {
      throw new WireException("zero byte in the capabilities");
    }
    words.addAll(text);
  }

  private void addSigned() throws WireException {
    if (!updates.isEmpty()) {
      throw new WireException("both a push certificate and unsigned commands");
    }
    for (String command : certificate.commands()) {
      add(RefUpdate.parse(command));
    }
  }

  private void add(RefUpdate update) throws WireException {
    updates.add(update);
    if (updates.size() > Limits.COMMANDS) {
      throw new WireException.TooLarge("more than " + Limits.COMMANDS + " commands");
    }
  }

  private void checkFormats(Capabilities capabilities) throws WireException {
    Optional<ObjectFormat> announced = Formats.announced(capabilities);
    ObjectFormat format = announced.orElse(updates.getFirst().newId().format());
    boolean same = updates.stream().allMatch(update -> update.newId().format() == format);
    if (!same || shallows.stream().anyMatch(id -> id.format() != format)) {
      throw new WireException("two object formats in one push");
    }
  }

  private void readOptions() throws IOException {
    int bytes = 0;
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      String option = PktText.of(pkt, "in the push options");
      if (option.indexOf('\0') >= 0 || option.indexOf('\n') >= 0) {
        throw new WireException(
            "push option with a line break or a zero byte: " + WireText.quoted(option));
      }
      options.add(option);
      bytes += option.length();
      if (options.size() > Limits.PUSH_OPTIONS || bytes > Limits.PUSH_OPTION_BYTES) {
        throw new WireException.TooLarge(
            "more than "
                + Limits.PUSH_OPTIONS
                + " push options or "
                + Limits.PUSH_OPTION_BYTES
                + " bytes of them");
      }
    }
  }
}
