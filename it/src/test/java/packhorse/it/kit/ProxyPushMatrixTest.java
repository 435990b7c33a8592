package packhorse.it.kit;

import java.nio.file.Path;

/// Through the proxy everything is as at the nodes: nodes that speak every version.
final class ProxyPushMatrixTest extends PushMatrix {
  @Override
  Address start(Path own) {
    return new ProxyAddress(own, ProxyAddress.Nodes.ANY);
  }
}
