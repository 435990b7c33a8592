package packhorse.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The answer to `ls-refs`, made of a node's v0 advertisement while that is read: a repository with
/// a hundred thousand refs takes no memory, and only what was asked for goes to the client. For one
/// thread. See gitprotocol-v2(5), "ls-refs".
public final class V2Listing extends InputStream {

  private static final int PIECE = 16 * 1024;
  private static final String PEELED = "^{}";

  private final PktReader in;
  private final V2Command.LsRefs command;
  private final RefPrefixes prefixes;
  private final Map<String, String> symrefs;
  private final Out bytes = new Out();
  private final PktWriter out = new PktWriter(bytes);
  private @Nullable Ref pending;
  private boolean ended;
  private int taken;

  /// What has been translated and not been read yet, in place.
  private static final class Out extends ByteArrayOutputStream {
    void copy(int from, byte[] into, int to, int count) {
      System.arraycopy(buf, from, into, to, count);
    }
  }

  /// @param head what was read of the advertisement
  /// @param in the rest of it
  /// @throws WireException for a first line that names no ref
  public V2Listing(AdvertisementHead head, PktReader in, V2Command.LsRefs command)
      throws IOException {
    this.in = in;
    this.command = command;
    this.prefixes = new RefPrefixes(command.prefixes());
    this.symrefs = head.symrefs();
    Optional<String> first = head.firstRef();
    if (first.isPresent()) {
      line(first.get());
    } else {
      end();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// @throws WireException when the node's advertisement is none
  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) return 0;
    if (taken == bytes.size()) fill();
    int size = Math.min(count, bytes.size() - taken);
    if (size == 0) return -1;
    bytes.copy(taken, into, from, size);
    taken += size;
    return size;
  }

  @Override
  public int available() {
    return bytes.size() - taken;
  }

  private void fill() throws IOException {
    bytes.reset();
    taken = 0;
    while (!ended && bytes.size() < PIECE) {
      Pkt pkt = in.read();
      if (pkt instanceof Pkt.Flush) {
        end();
      } else {
        line(AdvertisementHead.line(pkt));
      }
    }
  }

  private void end() throws IOException {
    written();
    out.flush();
    ended = true;
  }

  private void line(String line) throws IOException {
    if (line.startsWith("shallow ")) return;
    int space = line.indexOf(' ');
    if (space < 0) throw new WireException("expected a ref, not " + WireText.quoted(line));
    String name = line.substring(space + 1);
    if (name.endsWith(PEELED)) {
      peeled(name, line.substring(0, space));
      return;
    }
    written();
    // most lines are not asked for: their ids are not looked at
    if (prefixes.match(name)) pending = Ref.of(name, ObjectId.parse(line.substring(0, space)));
  }

  // behind its ref; no ref has such a name, and "capabilities^{}" stands for none
  private void peeled(String name, String id) throws WireException {
    Ref ref = pending;
    if (ref == null || name.length() != ref.name().length() + PEELED.length()) return;
    if (name.startsWith(ref.name())) pending = ref.peeled(ObjectId.parse(id));
  }

  private void written() throws IOException {
    Ref ref = pending;
    pending = null;
    if (ref != null) AdvertisementWriter.writeRef(shown(ref), out);
  }

  private Ref shown(Ref ref) {
    Ref shown = command.peel() ? ref : Ref.of(ref.name(), ref.id());
    String target = symrefs.get(ref.name());
    return command.symrefs() && target != null ? shown.symref(target) : shown;
  }
}
