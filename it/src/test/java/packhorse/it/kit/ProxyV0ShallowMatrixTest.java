package packhorse.it.kit;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Through the proxy everything is as at the nodes: nodes that know protocol v0 alone.
final class ProxyV0ShallowMatrixTest extends ShallowMatrix {
  private @Nullable ProxyAddress proxy;

  @BeforeAll
  void start(@TempDir Path own) {
    proxy = new ProxyAddress(own, ProxyAddress.Nodes.V0);
  }

  @AfterAll
  void stop() {
    if (proxy != null) proxy.close();
  }

  @Override
  protected Address address() {
    return Objects.requireNonNull(proxy);
  }
}
