package packhorse.wire.refs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.wire.ByteString;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;

/// The part of a node's advertisement that contains its capabilities: the whole advertisement in
/// v2, everything up to the first ref in v0 and v1. The proxy changes the capabilities here and
/// relays the rest without reading it: over SSH it removes `no-done` and the `# service=` line of
/// HTTP.
///
/// @param service the service in the `# service=` line that begins an advertisement over HTTP
/// @param firstRef the first ref line without its capabilities, in wire form. Empty in v2, and for
///   an empty repository of git before 2.41, whose advertisement is a flush alone; the head then
///   includes that flush
public record AdvertisementHead(
    ProtocolVersion version,
    Optional<String> service,
    Optional<String> firstRef,
    Capabilities capabilities) {

  static final String IN_ADVERTISEMENT = "in the advertisement";

  private static final String SERVICE_PREFIX = "# service=";

  // The estimated size in bytes of a capability on the heap, besides its text.
  private static final int ENTRY_OVERHEAD = 64;

  /// Reads the head and not a byte more: up to the flush in v2, up to the first ref in v0 and v1.
  ///
  /// @throws WireException.RemoteError when the node sent an error instead
  /// @throws WireException.TooLarge for more capabilities than
  ///   [WireLimits#ADVERTISED_CAPABILITY_BYTES]
  /// @throws WireException for anything else that is not an advertisement
  public static AdvertisementHead read(PktReader in) throws IOException {
    Pkt pkt = in.read();
    Optional<String> service = Optional.empty();
    if (pkt instanceof Pkt.Line line && line.text().startsWith(SERVICE_PREFIX)) {
      service = Optional.of(line.text().substring(SERVICE_PREFIX.length()));
      if (!(in.read() instanceof Pkt.Flush)) {
        throw new WireException("expected a flush after the service");
      }
      pkt = in.read();
    }
    ProtocolVersion version = versionOf(pkt);
    return switch (version) {
      case V0 -> parseFirstRef(version, service, pkt);
      case V1 -> parseFirstRef(version, service, in.read());
      case V2 -> readV2Capabilities(service, in);
    };
  }

  private static ProtocolVersion versionOf(Pkt pkt) {
    String text = pkt instanceof Pkt.Line line ? line.text() : "";
    return switch (text) {
      case "version 1" -> ProtocolVersion.V1;
      case "version 2" -> ProtocolVersion.V2;
      default -> ProtocolVersion.V0;
    };
  }

  private static AdvertisementHead parseFirstRef(
      ProtocolVersion version, Optional<String> service, Pkt pkt) throws WireException {
    if (pkt instanceof Pkt.Flush) {
      return new AdvertisementHead(version, service, Optional.empty(), Capabilities.NONE);
    }
    String line = ErrorPkts.requireText(pkt, IN_ADVERTISEMENT);
    int nul = line.indexOf('\0');
    String ref = nul < 0 ? line : line.substring(0, nul);
    if (!ObjectId.isId(ref.substring(0, Math.max(0, ref.indexOf(' '))))) {
      throw new WireException("expected a ref, not " + WireText.quoted(ref));
    }
    Capabilities capabilities =
        nul < 0 ? Capabilities.NONE : Capabilities.parse(line.substring(nul + 1));
    return new AdvertisementHead(version, service, Optional.of(ref), capabilities);
  }

  private static AdvertisementHead readV2Capabilities(Optional<String> service, PktReader in)
      throws IOException {
    List<String> entries = new ArrayList<>();
    int bytes = 0;
    for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
      String entry = ErrorPkts.requireText(pkt, IN_ADVERTISEMENT);
      entries.add(entry);
      bytes += ENTRY_OVERHEAD + entry.length();
      if (bytes > WireLimits.ADVERTISED_CAPABILITY_BYTES) {
        throw new WireException.TooLarge(
            "more than " + WireLimits.ADVERTISED_CAPABILITY_BYTES + " bytes of capabilities");
      }
    }
    return new AdvertisementHead(
        ProtocolVersion.V2, service, Optional.empty(), new Capabilities(entries));
  }

  /// The target of each symbolic ref, by name, as the `symref` capabilities of v0 and v1 give it.
  public Map<String, String> symrefTargets() {
    Map<String, String> targets = new HashMap<>();
    for (String symref : capabilities.values("symref")) {
      int colon = symref.indexOf(':');
      if (colon > 0) targets.put(symref.substring(0, colon), symref.substring(colon + 1));
    }
    return targets;
  }

  public AdvertisementHead withCapabilities(Capabilities other) {
    return new AdvertisementHead(version, service, firstRef, other);
  }

  /// This head without the `# service=` line of HTTP.
  public AdvertisementHead withoutService() {
    return new AdvertisementHead(version, Optional.empty(), firstRef, capabilities);
  }

  /// The bytes to send; in v0 and v1 the other refs of the node follow them.
  public ByteString toByteString() {
    return PktWriter.toByteString(this::write);
  }

  private void write(PktWriter out) throws IOException {
    if (service.isPresent()) {
      out.writeLine(SERVICE_PREFIX + service.get()).writeFlush();
    }
    switch (version) {
      case V0 -> {}
      case V1 -> out.writeLine("version 1");
      case V2 -> {
        out.writeLine("version 2");
        for (String capability : capabilities.entries()) {
          out.writeLine(capability);
        }
      }
    }
    if (firstRef.isPresent()) {
      out.writeLine(firstRef.get() + "\0" + capabilities.text());
    } else {
      out.writeFlush();
    }
  }
}
