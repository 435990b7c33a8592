package packhorse.it.kit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Shows that the suite is right: every behaviour is what the node itself does.
final class DirectShallowMatrixTest extends ShallowMatrix {
  private @Nullable DirectAddress direct;

  @BeforeAll
  void start(@TempDir Path own) {
    direct = new DirectAddress(own);
  }

  @AfterAll
  void stop() {
    if (direct != null) direct.close();
  }

  @Override
  protected Address address() {
    return java.util.Objects.requireNonNull(direct);
  }
}
