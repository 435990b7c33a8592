package packhorse.wire;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Writes an advertisement anew, for any version: the inverse of [AdvertisementReader].
public final class AdvertisementWriter {

  private AdvertisementWriter() {}

  /// Writes the whole advertisement with its flush. The capabilities are written as they are: the
  /// `symref` words of v0 are the caller's.
  ///
  /// @param service for HTTP, which names it in a line of its own
  public static void write(Advertisement advertisement, Optional<Service> service, PktWriter out)
      throws IOException {
    if (service.isPresent()) {
      out.line("# service=" + service.get().word()).flush();
    }
    switch (advertisement.version()) {
      case V0 -> refs(advertisement, out);
      case V1 -> {
        out.line("version 1");
        refs(advertisement, out);
      }
      case V2 -> {
        out.line("version 2");
        for (String word : advertisement.capabilities().words()) {
          out.line(word);
        }
      }
    }
    out.flush();
  }

  private static void refs(Advertisement advertisement, PktWriter out) throws IOException {
    String capabilities = "\0" + advertisement.capabilities().text();
    List<Ref> refs = advertisement.refs();
    if (refs.isEmpty()) {
      out.line(ObjectId.zero(advertisement.format()) + " capabilities^{}" + capabilities);
    }
    for (int i = 0; i < refs.size(); i++) {
      Ref ref = refs.get(i);
      out.line(ref.id() + " " + ref.name() + (i == 0 ? capabilities : ""));
      if (ref.peeled().isPresent()) {
        out.line(ref.peeled().get() + " " + ref.name() + "^{}");
      }
    }
    for (ObjectId id : advertisement.shallow()) {
      out.line("shallow " + id);
    }
  }

  /// Writes an answer to `ls-refs` with its flush.
  public static void writeLsRefs(List<Ref> refs, PktWriter out) throws IOException {
    for (Ref ref : refs) {
      writeRef(ref, out);
    }
    out.flush();
  }

  /// Writes a line of an answer to `ls-refs`.
  static void writeRef(Ref ref, PktWriter out) throws IOException {
    String id = ref.id().isZero() ? "unborn" : ref.id().hex();
    String symref = ref.symrefTarget().map(target -> " symref-target:" + target).orElse("");
    String peeled = ref.peeled().map(target -> " peeled:" + target).orElse("");
    out.line(id + " " + ref.name() + symref + peeled);
  }
}
