package packhorse.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
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

  private AdvertisementReader(PktReader in) {
    this.in = in;
  }

  /// Reads an advertisement. One without refs is that of an empty repository; git before 2.41 says
  /// so with a flush alone.
  ///
  /// @throws WireException for what is none, also for no bytes at all; [WireException.ErrorPkt]
  ///   when the node says an error in its place
  public static Advertisement read(InputStream from) throws IOException {
    return read(new PktReader(from, Limits.ADVERTISEMENT_BYTES));
  }

  /// The same from a reader with a cap of the caller's.
  public static Advertisement read(PktReader in) throws IOException {
    return new AdvertisementReader(in).advertisement(AdvertisementHead.read(in));
  }

  private Advertisement advertisement(AdvertisementHead head) throws IOException {
    Optional<ObjectFormat> announced = Formats.announced(head.capabilities());
    if (head.firstRef().isPresent()) {
      refLine(head.firstRef().get());
      for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        refLine(withoutCapabilities(AdvertisementHead.line(pkt)));
      }
      addSymrefs(head.symrefs());
    }
    ObjectFormat format =
        announced.orElse(refs.isEmpty() ? ObjectFormat.SHA1 : refs.getFirst().id().format());
    return new Advertisement(head.version(), format, refs, shallow, head.capabilities());
  }

  /// Capabilities count on the first line only, as for git.
  private static String withoutCapabilities(String line) {
    int nul = line.indexOf('\0');
    return nul < 0 ? line : line.substring(0, nul);
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

  private void addSymrefs(Map<String, String> targets) {
    refs.replaceAll(ref -> {
      String target = targets.get(ref.name());
      return target == null ? ref : ref.symref(target);
    });
  }
}
