package packhorse.wire.fetch;

import java.io.IOException;
import java.util.List;
import packhorse.wire.ByteString;
import packhorse.wire.ObjectId;
import packhorse.wire.pkt.PktWriter;

/// Writes the bodies of stateless v0 requests, in which a conversation over SSH is carried to a
/// node over HTTP. Each body repeats the upload-request and all haves that were acknowledged so
/// far.
public final class UploadRequestWriter {

  private UploadRequestWriter() {}

  /// A request with wants and depth only, to which the node responds with the shallow update before
  /// any haves are sent.
  public static ByteString withoutHaves(UploadRequest request) {
    return compose(request, List.of(), new UploadHaves(List.of(), UploadHaves.End.END_OF_INPUT));
  }

  /// The request of one round.
  ///
  /// @param request the request, with the capabilities that are sent to the node
  /// @param acknowledged haves of earlier rounds that the node acknowledged
  public static ByteString compose(
      UploadRequest request, List<ObjectId> acknowledged, UploadHaves round) {
    return PktWriter.toByteString(out -> {
      writeRequest(request, out);
      writeHaves(acknowledged, out);
      writeHaves(round.haves(), out);
      switch (round.end()) {
        case FLUSH -> out.writeFlush();
        case DONE -> out.writeLine("done");
        case END_OF_INPUT -> {}
      }
    });
  }

  private static void writeRequest(UploadRequest request, PktWriter out) throws IOException {
    List<ObjectId> wants = request.wants();
    String capabilities = request.capabilities().text();
    out.writeLine("want " + wants.getFirst() + (capabilities.isEmpty() ? "" : " " + capabilities));
    for (ObjectId id : wants.subList(1, wants.size())) {
      out.writeLine("want " + id);
    }
    for (ObjectId id : request.shallows()) {
      out.writeLine("shallow " + id);
    }
    request.deepen().writeTo(out);
    if (request.filter().isPresent()) {
      out.writeLine("filter " + request.filter().get());
    }
    out.writeFlush();
  }

  private static void writeHaves(List<ObjectId> haves, PktWriter out) throws IOException {
    for (ObjectId id : haves) {
      out.writeLine("have " + id);
    }
  }
}
