package packhorse.node;

/// Checks the health of one node with a request of its own. Implemented by a front's module; called
/// by [HealthProber] on its threads.
public interface HealthProbe {
  /// Returns normally if the node is healthy.
  ///
  /// @throws NodeFailure if the node is unhealthy or does not respond in time
  void probe(Node node) throws NodeFailure;
}
