package packhorse.it.matrix;

import java.nio.file.Path;

/// The targets that the tests of a [ClientMatrix] run against.
enum TargetType {
  /// The node itself. Shows that the tests are right: every asserted behaviour is the node's.
  DIRECT,
  /// A proxy in front of nodes that speak every protocol version. Everything is as at the nodes.
  PROXY,
  /// A proxy in front of nodes that speak protocol v0 only. The proxy offers v0 only, too.
  PROXY_V0,
  /// A proxy with `offer-v2` in front of nodes that speak protocol v0 only.
  PROXY_OFFER_V2;

  /// Starts the target.
  ///
  /// @param ownFolder a folder for this target alone
  MatrixTarget start(Path ownFolder) {
    return switch (this) {
      case DIRECT -> new NodeTarget(ownFolder);
      case PROXY -> new ProxyTarget(ownFolder, ProxyTarget.NodeDialect.ANY);
      case PROXY_V0 -> new ProxyTarget(ownFolder, ProxyTarget.NodeDialect.V0);
      case PROXY_OFFER_V2 -> new ProxyTarget(ownFolder, ProxyTarget.NodeDialect.V0_OFFERED_AS_V2);
    };
  }
}
