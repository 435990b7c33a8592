package packhorse.it.kit;

import java.nio.file.Path;

/// Through the proxy everything is as at the nodes: nodes that know protocol v0 alone.
final class ProxyV0PushMatrixTest extends PushMatrix {
  @Override
  Address start(Path own) {
    return new ProxyAddress(own, ProxyAddress.Nodes.V0);
  }
}
