package packhorse.wire.translate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import packhorse.wire.ObjectId;
import packhorse.wire.WireException;
import packhorse.wire.WireText;
import packhorse.wire.fetch.V2Command;
import packhorse.wire.pkt.ErrorPkts;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;
import packhorse.wire.pkt.PktWriter;
import packhorse.wire.refs.AdvertisementHead;
import packhorse.wire.refs.Ref;
import packhorse.wire.refs.RefPrefixes;

/// Translates a node's v0 advertisement to the response to an `ls-refs` command, as a stream that
/// reads the advertisement while it is itself read. Memory use does not grow with the number of
/// refs, and only the requested refs are sent to the client. Not thread-safe. See
/// gitprotocol-v2(5), "ls-refs".
public final class LsRefsTranslator extends InputStream {

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final String PEELED_SUFFIX = "^{}";

  private final PktReader in;
  private final V2Command.LsRefs command;
  private final RefPrefixes prefixes;
  private final Map<String, String> symrefTargets;
  private final Buffer buffer = new Buffer();
  private final PktWriter out = new PktWriter(buffer);
  private @Nullable Ref pendingRef;
  private boolean ended;
  private int position;

  /// The translated bytes that have not been read yet; they can be copied out without making
  /// another array.
  private static final class Buffer extends ByteArrayOutputStream {
    void copyTo(byte[] target, int targetOffset, int from, int count) {
      System.arraycopy(buf, from, target, targetOffset, count);
    }
  }

  /// @param head the head of the advertisement
  /// @param in the rest of the advertisement
  /// @throws WireException when the first line of the advertisement is not a ref
  public LsRefsTranslator(AdvertisementHead head, PktReader in, V2Command.LsRefs command)
      throws IOException {
    this.in = in;
    this.command = command;
    this.prefixes = new RefPrefixes(command.prefixes());
    this.symrefTargets = head.symrefTargets();
    Optional<String> first = head.firstRef();
    if (first.isPresent()) {
      translateLine(first.get());
    } else {
      end();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// @throws WireException when the node's advertisement is malformed
  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (count == 0) return 0;
    if (position == buffer.size()) fill();
    int size = Math.min(count, buffer.size() - position);
    if (size == 0) return -1;
    buffer.copyTo(target, offset, position, size);
    position += size;
    return size;
  }

  @Override
  public int available() {
    return buffer.size() - position;
  }

  private void fill() throws IOException {
    buffer.reset();
    position = 0;
    while (!ended && buffer.size() < BUFFER_BYTES) {
      Pkt pkt = in.read();
      if (pkt instanceof Pkt.Flush) {
        end();
      } else {
        translateLine(ErrorPkts.requireText(pkt, "in the advertisement"));
      }
    }
  }

  private void end() throws IOException {
    writePendingRef();
    out.writeFlush();
    ended = true;
  }

  private void translateLine(String line) throws IOException {
    if (line.startsWith("shallow ")) return;
    int space = line.indexOf(' ');
    if (space < 0) throw new WireException("expected a ref, not " + WireText.quoted(line));
    String name = line.substring(space + 1);
    if (name.endsWith(PEELED_SUFFIX)) {
      addPeeledId(name, line.substring(0, space));
      return;
    }
    writePendingRef();
    // Most refs are not requested. Their ids are not parsed.
    if (prefixes.matches(name)) pendingRef = Ref.of(name, ObjectId.parse(line.substring(0, space)));
  }

  // A peeled line follows the line of its ref. No ref has a name that ends in "^{}", and
  // "capabilities^{}" stands for a repository without refs.
  private void addPeeledId(String name, String id) throws WireException {
    Ref ref = pendingRef;
    if (ref == null || name.length() != ref.name().length() + PEELED_SUFFIX.length()) return;
    if (name.startsWith(ref.name())) pendingRef = ref.withPeeled(ObjectId.parse(id));
  }

  private void writePendingRef() throws IOException {
    Ref ref = pendingRef;
    pendingRef = null;
    if (ref != null) withRequestedAttributes(ref).writeLsRefsLine(out);
  }

  private Ref withRequestedAttributes(Ref ref) {
    Ref result = command.peel() ? ref : Ref.of(ref.name(), ref.id());
    String target = symrefTargets.get(ref.name());
    return command.symrefs() && target != null ? result.withSymrefTarget(target) : result;
  }
}
