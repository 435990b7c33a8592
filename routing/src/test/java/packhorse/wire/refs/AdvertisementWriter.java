package packhorse.wire.refs;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.wire.GitService;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.PktWriter;

/// Writes an advertisement of any version: the inverse of [AdvertisementReader].
public final class AdvertisementWriter {

  private AdvertisementWriter() {}

  /// Writes the whole advertisement with its flush. The capabilities are written unchanged: the
  /// `symref` capabilities of v0 are not made from the refs.
  ///
  /// @param service the service for the `# service=` line of HTTP, if that is to be written
  public static void write(Advertisement advertisement, Optional<GitService> service, PktWriter out)
      throws IOException {
    if (service.isPresent()) {
      out.writeLine("# service=" + service.get().serviceName()).writeFlush();
    }
    switch (advertisement.version()) {
      case V0 -> writeRefs(advertisement, out);
      case V1 -> {
        out.writeLine("version 1");
        writeRefs(advertisement, out);
      }
      case V2 -> {
        out.writeLine("version 2");
        for (String capability : advertisement.capabilities().entries()) {
          out.writeLine(capability);
        }
      }
    }
    out.writeFlush();
  }

  private static void writeRefs(Advertisement advertisement, PktWriter out) throws IOException {
    String capabilities = "\0" + advertisement.capabilities().text();
    List<Ref> refs = advertisement.refs();
    if (refs.isEmpty()) {
      out.writeLine(
          "0".repeat(2 * advertisement.format().rawLength()) + " capabilities^{}" + capabilities);
    }
    for (int i = 0; i < refs.size(); i++) {
      Ref ref = refs.get(i);
      out.writeLine(ref.id() + " " + ref.name() + (i == 0 ? capabilities : ""));
      if (ref.peeled().isPresent()) {
        out.writeLine(ref.peeled().get() + " " + ref.name() + "^{}");
      }
    }
    for (ObjectId id : advertisement.shallow()) {
      out.writeLine("shallow " + id);
    }
  }

  /// Writes a response to `ls-refs` with its flush.
  public static void writeLsRefs(List<Ref> refs, PktWriter out) throws IOException {
    for (Ref ref : refs) {
      ref.writeLsRefsLine(out);
    }
    out.writeFlush();
  }
}
