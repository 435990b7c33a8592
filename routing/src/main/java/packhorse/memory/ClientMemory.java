package packhorse.memory;

/// The memory that clients may make the proxy hold. Made once, by `Assembly`, and used by all
/// fronts.
///
/// @param plan the sizes of the buffers of one client
/// @param requests what their requests hold
/// @param connections what their connections take besides
public record ClientMemory(MemoryPlan plan, MemoryBudget requests, ConnectionBudget connections) {

  /// Returns the budgets that a plan allows.
  public static ClientMemory of(MemoryPlan plan) {
    return new ClientMemory(
        plan, new MemoryBudget(plan.requestBytes()), new ConnectionBudget(plan.connectionBytes()));
  }
}
