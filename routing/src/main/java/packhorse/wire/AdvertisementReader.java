package packhorse.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a node's advertisement of any version, with or without the `# service=` line of HTTP, up
/// to the advertisement's own flush and not a byte more.
public final class AdvertisementReader {

  private static final String NO_REFS = "capabilities^{}";

  private final PktReader in;
  private final List<Ref> refs = new ArrayList<>();
  private final List<ObjectId> shallow = new ArrayList<>();
  private Capabilities capabilities = Capabilities.NONE;
  private ProtocolVersion version = ProtocolVersion.V0;

  private AdvertisementReader(PktReader in) {
    this.in = in;
  }

  /// Reads an advertisement; one without refs is that of an empty repository.
  ///
  /// @throws WireException for what is none, also one without a line; [WireException.ErrorPkt] when
  ///   the node says an error in its place
  public static Advertisement read(InputStream from) throws IOException {
    return read(new PktReader(from, Limits.ADVERTISEMENT_BYTES));
  }

  /// The same from a reader with a cap of the caller's.
  public static Advertisement read(PktReader in) throws IOException {
    return new AdvertisementReader(in).advertisement();
  }

  private Advertisement advertisement() throws IOException {
    Pkt pkt = in.read();
    if (pkt instanceof Pkt.Line service && service.text().startsWith("# service=")) {
      if (!(in.read() instanceof Pkt.Flush)) {
        throw new WireException("expected a flush after the service");
      }
      pkt = in.read();
    }
    String line = line(pkt);
    if (line.equals("version 2")) {
      return v2();
    }
    if (line.equals("version 1")) {
      version = ProtocolVersion.V1;
      line = line(in.read());
    }
    return v0(line);
  }

  private Advertisement v2() throws IOException {
    List<String> words = new ArrayList<>();
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      words.add(line(pkt));
    }
    Capabilities said = new Capabilities(words);
    ObjectFormat format = Formats.announced(said).orElse(ObjectFormat.SHA1);
    return new Advertisement(ProtocolVersion.V2, format, List.of(), List.of(), said);
  }

  private Advertisement v0(String first) throws IOException {
    int nul = first.indexOf('\0');
    if (nul >= 0) {
      capabilities = Capabilities.parse(first.substring(nul + 1));
    }
    refLine(nul >= 0 ? first.substring(0, nul) : first);
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      refLine(line(pkt));
    }
    Optional<ObjectFormat> announced = Formats.announced(capabilities);
    ObjectFormat format =
        announced.orElse(refs.isEmpty() ? ObjectFormat.SHA1 : refs.getFirst().id().format());
    addSymrefs();
    return new Advertisement(version, format, refs, shallow, capabilities);
  }

  private void refLine(String line) throws WireException {
    if (line.startsWith("shallow ")) {
      shallow.add(ObjectId.parse(line.substring(8)));
      return;
    }
    int space = line.indexOf(' ');
    if (space < 0) {
      throw new WireException("expected a ref, not " + WireText.quoted(line));
    }
    ObjectId id = ObjectId.parse(line.substring(0, space));
    String name = line.substring(space + 1);
    if (name.equals(NO_REFS) && id.isZero()) {
      return;
    }
    if (!name.endsWith("^{}")) {
      refs.add(Ref.of(name, id));
    } else if (!refs.isEmpty() && name.equals(refs.getLast().name() + "^{}")) {
      refs.add(refs.removeLast().peeled(id));
    } else {
      throw new WireException("peeled ref " + WireText.quoted(name) + " does not follow its ref");
    }
  }

  private void addSymrefs() {
    Map<String, String> targets = new HashMap<>();
    for (String symref : capabilities.values("symref")) {
      int colon = symref.indexOf(':');
      if (colon > 0) {
        targets.put(symref.substring(0, colon), symref.substring(colon + 1));
      }
    }
    refs.replaceAll(
        ref -> targets.containsKey(ref.name()) ? ref.symref(targets.get(ref.name())) : ref);
  }

  private static String line(Pkt pkt) throws WireException {
    Optional<String> error = ErrorLines.said(pkt);
    if (error.isPresent()) {
      throw new WireException.ErrorPkt(error.get());
    }
    return PktText.of(pkt, "in the advertisement");
  }
}
