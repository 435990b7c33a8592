package packhorse.node;

/// Asks a node whether it is well; implemented by a front's module, called by {@link Probes} on its
/// own threads.
public interface Probe {
  /// Returns when the node is well.
  ///
  /// @throws NodeFailure when it is not, or does not say so in time
  void probe(Node node) throws NodeFailure;
}
