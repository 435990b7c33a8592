package packhorse.it.kit;

import java.nio.file.Path;

/// Shows that the suite is right: every behaviour is what the node itself does.
final class DirectShallowMatrixTest extends ShallowMatrix {
  @Override
  Address start(Path own) {
    return new DirectAddress(own);
  }
}
