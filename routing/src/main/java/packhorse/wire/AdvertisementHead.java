package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The part of a node's advertisement that holds its capabilities: all of it in v2, up to the first
/// ref in v0 and v1. A front changes the capabilities here and relays the rest unread: over SSH
/// `no-done` is not offered, and the `# service=` line of HTTP is left out.
///
/// @param service the service that HTTP's first line names
/// @param firstRef the first ref line without its capabilities, in wire form; empty in v2, and
///   where there are no refs and nothing is said of it: git before 2.41 advertises an empty
///   repository with a flush alone. The head then includes the flush
public record AdvertisementHead(
    ProtocolVersion version,
    Optional<String> service,
    Optional<String> firstRef,
    Capabilities capabilities) {

  private static final String SERVICE = "# service=";

  /// Reads the head and not a byte more: in v2 up to the flush, else up to the first ref.
  ///
  /// @throws WireException for what is no advertisement; [WireException.ErrorPkt] when the node
  ///   says an error in its place
  public static AdvertisementHead read(PktReader in) throws IOException {
    Pkt pkt = in.read();
    Optional<String> service = Optional.empty();
    if (pkt instanceof Pkt.Line line && line.text().startsWith(SERVICE)) {
      service = Optional.of(line.text().substring(SERVICE.length()));
      if (!(in.read() instanceof Pkt.Flush)) {
        throw new WireException("expected a flush after the service");
      }
      pkt = in.read();
    }
    ProtocolVersion version = version(pkt);
    return switch (version) {
      case V0 -> refs(version, service, pkt);
      case V1 -> refs(version, service, in.read());
      case V2 -> v2(service, in);
    };
  }

  private static ProtocolVersion version(Pkt pkt) {
    String text = pkt instanceof Pkt.Line line ? line.text() : "";
    return switch (text) {
      case "version 1" -> ProtocolVersion.V1;
      case "version 2" -> ProtocolVersion.V2;
      default -> ProtocolVersion.V0;
    };
  }

  private static AdvertisementHead refs(ProtocolVersion version, Optional<String> service, Pkt pkt)
      throws WireException {
    if (pkt instanceof Pkt.Flush) {
      return new AdvertisementHead(version, service, Optional.empty(), Capabilities.NONE);
    }
    String line = line(pkt);
    int nul = line.indexOf('\0');
    String ref = nul < 0 ? line : line.substring(0, nul);
    if (!ObjectId.isId(ref.substring(0, Math.max(0, ref.indexOf(' '))))) {
      throw new WireException("expected a ref, not " + WireText.quoted(ref));
    }
    Capabilities said = nul < 0 ? Capabilities.NONE : Capabilities.parse(line.substring(nul + 1));
    return new AdvertisementHead(version, service, Optional.of(ref), said);
  }

  private static AdvertisementHead v2(Optional<String> service, PktReader in) throws IOException {
    List<String> words = new ArrayList<>();
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      words.add(line(pkt));
    }
    return new AdvertisementHead(
        ProtocolVersion.V2, service, Optional.empty(), new Capabilities(words));
  }

  static String line(Pkt pkt) throws WireException {
    Optional<String> error = ErrorLines.said(pkt);
    if (error.isPresent()) {
      throw new WireException.ErrorPkt(error.get());
    }
    return PktText.of(pkt, "in the advertisement");
  }

  /// What each symbolic ref names, as the capabilities of v0 and v1 say it.
  Map<String, String> symrefs() {
    Map<String, String> targets = new HashMap<>();
    for (String symref : capabilities.values("symref")) {
      int colon = symref.indexOf(':');
      if (colon > 0) targets.put(symref.substring(0, colon), symref.substring(colon + 1));
    }
    return targets;
  }

  /// The same with other capabilities.
  public AdvertisementHead with(Capabilities other) {
    return new AdvertisementHead(version, service, firstRef, other);
  }

  /// Without HTTP's first line.
  public AdvertisementHead withoutService() {
    return new AdvertisementHead(version, Optional.empty(), firstRef, capabilities);
  }

  /// The bytes to send; in v0 and v1 the node's other refs come behind them.
  public Bytes bytes() {
    return PktWriter.toBytes(this::write);
  }

  private void write(PktWriter out) throws IOException {
    if (service.isPresent()) {
      out.line(SERVICE + service.get()).flush();
    }
    switch (version) {
      case V0 -> {}
      case V1 -> out.line("version 1");
      case V2 -> {
        out.line("version 2");
        for (String word : capabilities.words()) {
          out.line(word);
        }
      }
    }
    if (firstRef.isPresent()) {
      out.line(firstRef.get() + "\0" + capabilities.text());
    } else {
      out.flush();
    }
  }
}
