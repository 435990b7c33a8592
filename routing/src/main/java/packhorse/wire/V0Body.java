package packhorse.wire;

import java.io.IOException;
import java.util.List;

/// Composes the stateless bodies in which an SSH conversation reaches a node over HTTP: each
/// repeats the wants and every have that was acknowledged so far. Used by the bridge from SSH.
public final class V0Body {

  private V0Body() {}

  /// Wants and depth alone, to hear the shallow list before any haves are said.
  public static Bytes wants(V0Wants wants) {
    return compose(wants, List.of(), new V0Round(List.of(), V0Round.End.INPUT_ENDED));
  }

  /// One round.
  ///
  /// @param wants with the capabilities that the node is to hear
  /// @param acknowledged haves of earlier rounds that the node acknowledged
  public static Bytes compose(V0Wants wants, List<ObjectId> acknowledged, V0Round round) {
    return PktWriter.toBytes(out -> {
      writeWants(wants, out);
      writeHaves(acknowledged, out);
      writeHaves(round.haves(), out);
      switch (round.end()) {
        case FLUSH -> out.flush();
        case DONE -> out.line("done");
        case INPUT_ENDED -> {}
      }
    });
  }

  private static void writeWants(V0Wants wants, PktWriter out) throws IOException {
    String capabilities = wants.capabilities().text();
    out.line(
        "want " + wants.wants().getFirst() + (capabilities.isEmpty() ? "" : " " + capabilities));
    for (ObjectId id : wants.wants().subList(1, wants.wants().size())) {
      out.line("want " + id);
    }
    for (ObjectId id : wants.shallows()) {
      out.line("shallow " + id);
    }
    DeepenLines.write(wants.deepen(), out);
    if (wants.filter().isPresent()) {
      out.line("filter " + wants.filter().get());
    }
    out.flush();
  }

  private static void writeHaves(List<ObjectId> haves, PktWriter out) throws IOException {
    for (ObjectId id : haves) {
      out.line("have " + id);
    }
  }
}
