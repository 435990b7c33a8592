package packhorse.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One step of the demo: a command, and what it is expected to do.
///
/// @param title what the step shows
/// @param command a shell command; `ID` at its end stands for the decision id that an earlier step
///   printed
/// @param expectation what the reader should see
/// @param check verifies it when the demo is played
record DemoStep(String title, String command, String expectation, Check check) {
  /// What was observed of a step.
  ///
  /// @param events the events of the nodes during the step
  /// @param earlierEvents the events of the nodes during the steps before
  record Observation(
      DemoShell.CommandResult result, List<NodeEvent> events, List<NodeEvent> earlierEvents) {}

  /// Compares the observation of a step with what was expected.
  @FunctionalInterface
  interface Check {
    /// Returns what is wrong; empty if nothing is.
    Optional<String> problem(Observation observation);

    default Check and(Check other) {
      return observation -> problem(observation).or(() -> other.problem(observation));
    }
  }

  /// The command exits with this status.
  static Check exitsWith(int status) {
    return observation ->
        observation.result().status() == status
            ? Optional.empty()
            : Optional.of(
                "the command exited with " + observation.result().status() + ", not " + status);
  }

  /// The command prints this.
  static Check prints(String text) {
    return observation ->
        observation.result().output().contains(text)
            ? Optional.empty()
            : Optional.of("the output does not contain \"" + text + "\"");
  }

  /// A node has an event of this type.
  static Check nodeServes(NodeEvent.Type type) {
    return observation ->
        observation.events().stream().anyMatch(event -> event.type() == type)
            ? Optional.empty()
            : Optional.of("no node served a " + type.name().toLowerCase(Locale.ROOT));
  }

  /// No node has an event.
  static Check noNodeServes() {
    return observation ->
        observation.events().isEmpty()
            ? Optional.empty()
            : Optional.of(observation.events().getFirst().toString());
  }

  /// The last event is that of another node than the last event of the steps before.
  static Check anotherNodeServes() {
    return observation ->
        !observation.earlierEvents().isEmpty()
                && !observation.events().isEmpty()
                && !observation
                    .earlierEvents()
                    .getLast()
                    .node()
                    .equals(observation.events().getLast().node())
            ? Optional.empty()
            : Optional.of("no other node than before served the request");
  }
}
