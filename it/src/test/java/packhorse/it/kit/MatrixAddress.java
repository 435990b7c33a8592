package packhorse.it.kit;

import java.nio.file.Path;

/// Where the tests of a [ClientMatrix] are run.
enum MatrixAddress {
  /// At the node itself. Shows that the suite is right: every behaviour is what the node does.
  DIRECT,
  /// Through the proxy, to nodes that speak every protocol version: everything is as at the nodes.
  PROXY,
  /// Through the proxy, to nodes that know protocol v0 alone, and so does the proxy.
  PROXY_V0,
  /// Through the proxy, to nodes that know protocol v0 alone, whose clients are offered v2.
  PROXY_OFFER_V2;

  /// Starts what the tests are run at.
  ///
  /// @param own a folder for it alone
  Address start(Path own) {
    return switch (this) {
      case DIRECT -> new DirectAddress(own);
      case PROXY -> new ProxyAddress(own, ProxyAddress.Nodes.ANY);
      case PROXY_V0 -> new ProxyAddress(own, ProxyAddress.Nodes.V0);
      case PROXY_OFFER_V2 -> new ProxyAddress(own, ProxyAddress.Nodes.V0_OFFERED_AS_V2);
    };
  }
}
