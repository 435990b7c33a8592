package packhorse.wire.refs;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads a node's advertisement of any version, with or without the `# service=` line of HTTP, up
/// to its flush and not a byte more.
public final class AdvertisementReader {

  private static final String NO_REFS = "capabilities^{}";

  private final PktReader in;
  private final List<Ref> refs = new ArrayList<>();
  private final List<ObjectId> shallow = new ArrayList<>();

  private AdvertisementReader(PktReader in) {
    this.in = in;
  }

  /// Reads an advertisement. It has no refs when the repository is empty; git before 2.41 then
  /// sends a flush alone.
  ///
  /// @throws WireException.RemoteError when the node sent an error instead
  /// @throws WireException for anything else that is not an advertisement, also for no bytes at all
  public static Advertisement read(InputStream in) throws IOException {
    return read(new PktReader(in, WireLimits.ADVERTISEMENT_BYTES));
  }

  /// Reads an advertisement from a reader with a limit of the caller's choice.
  public static Advertisement read(PktReader in) throws IOException {
    return new AdvertisementReader(in).readRest(AdvertisementHead.read(in));
  }

  private Advertisement readRest(AdvertisementHead head) throws IOException {
    Optional<ObjectFormat> announced = head.capabilities().objectFormat();
    if (head.firstRef().isPresent()) {
      parseLine(head.firstRef().get());
      for (Pkt pkt = in.read(); !(pkt instanceof Pkt.Flush); pkt = in.read()) {
        parseLine(
            withoutCapabilities(ErrorPkts.requireText(pkt, AdvertisementHead.IN_ADVERTISEMENT)));
      }
      addSymrefs(head.symrefTargets());
    }
    ObjectFormat format =
        announced.orElse(refs.isEmpty() ? ObjectFormat.SHA1 : refs.getFirst().id().format());
    return new Advertisement(head.version(), format, refs, shallow, head.capabilities());
  }

  /// As in git, capabilities are read from the first line only.
  private static String withoutCapabilities(String line) {
    int nul = line.indexOf('\0');
    return nul < 0 ? line : line.substring(0, nul);
  }

  private void parseLine(String line) throws WireException {
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
      refs.add(refs.removeLast().withPeeled(id));
    } else {
      throw new WireException("peeled ref " + WireText.quoted(name) + " does not follow its ref");
    }
  }

  private void addSymrefs(Map<String, String> targets) {
    refs.replaceAll(ref -> {
      String target = targets.get(ref.name());
      return target == null ? ref : ref.withSymrefTarget(target);
    });
  }
}
