package packhorse.wire.fetch;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdList;
import packhorse.wire.WireException;
import packhorse.wire.WireText;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// One round of a v0 negotiation (`upload-haves` in gitprotocol-pack): the haves that the client
/// sent, and what ended them. The node responds to each round that ends with a flush or with
/// `done`.
///
/// @param haves objects that the client has, in the client's order
public record UploadHaves(List<ObjectId> haves, End end) {

  /// What ended the haves of a round.
  public enum End {
    /// `0000`: the client requests acknowledgments.
    FLUSH,
    /// `done`: the client requests the pack.
    DONE,
    /// The end of the input. A client may close its side without sending `done`, for example if it
    /// wanted only the shallow update.
    END_OF_INPUT
  }

  public UploadHaves {
    haves = ObjectIdList.copyOf(haves);
  }

  /// Reads one round; blocks until it is complete. The number of haves is limited only by the
  /// reader's limit on the size of a message.
  ///
  /// @param format the object format of the wants
  /// @throws WireException for anything but haves, a flush, `done` or the end of the input, and for
  ///   a have of another object format
  public static UploadHaves read(PktReader in, ObjectFormat format) throws IOException {
    ObjectIdList.Builder haves = new ObjectIdList.Builder();
    for (Optional<Pkt> next = in.next(); next.isPresent(); next = in.next()) {
      if (next.get() instanceof Pkt.Flush) {
        return new UploadHaves(haves.build(), End.FLUSH);
      }
      String line = Pkt.requireText(next.get(), "in the haves");
      if (line.equals("done")) {
        return new UploadHaves(haves.build(), End.DONE);
      }
      if (!line.startsWith("have ")) {
        throw new WireException("expected a have, not " + WireText.quoted(line));
      }
      haves.add(parseId(line.substring(5), format));
    }
    return new UploadHaves(haves.build(), End.END_OF_INPUT);
  }

  private static ObjectId parseId(String hex, ObjectFormat format) throws WireException {
    ObjectId id = ObjectId.parse(hex);
    if (id.format() != format) {
      throw new WireException(
          "object format " + id.format().gitName() + " in a request of format " + format.gitName());
    }
    return id;
  }
}
