package packhorse.wire;

import java.io.IOException;

/// Writes what a fetch says about its depth; the lines are the same in v0 and v2.
final class DeepenLines {

  private DeepenLines() {}

  static void write(Deepen deepen, PktWriter out) throws IOException {
    switch (deepen) {
      case Deepen.None _ -> {}
      case Deepen.Depth depth -> out.line("deepen " + depth.commits());
      case Deepen.Excluding excluding -> {
        if (excluding.since().isPresent()) {
          out.line("deepen-since " + excluding.since().getAsLong());
        }
        for (String ref : excluding.refs()) {
          out.line("deepen-not " + ref);
        }
      }
    }
  }
}
