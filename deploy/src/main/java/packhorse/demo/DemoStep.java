package packhorse.demo;

import java.util.List;
import java.util.Optional;

/// One thing that the demo shows.
///
/// @param title what it is about
/// @param command for the shell; `ID` in it stands for the decision that the step before named
/// @param see what the reader is to look for
/// @param check whether it was there
record DemoStep(String title, String command, String see, Check check) {
  /// What a step left behind: how its command ended, what it said, what the nodes did meanwhile,
  /// and which nodes had answered in the steps before.
  record Seen(DemoShell.Ran ran, List<NodeAnswer> answers, List<NodeAnswer> before) {}

  /// Says what is wrong with what was seen.
  @FunctionalInterface
  interface Check {
    Optional<String> problem(Seen seen);

    default Check and(Check other) {
      return seen -> problem(seen).or(() -> other.problem(seen));
    }
  }

  static Check ends(int status) {
    return seen ->
        seen.ran().status() == status
            ? Optional.empty()
            : Optional.of("the command ended with " + seen.ran().status() + ", not " + status);
  }

  static Check says(String words) {
    return seen ->
        seen.ran().said().contains(words)
            ? Optional.empty()
            : Optional.of("nothing said \"" + words + "\"");
  }

  /// Some node did this.
  static Check node(NodeAnswer.Work work) {
    return seen ->
        seen.answers().stream().anyMatch(answer -> answer.work() == work)
            ? Optional.empty()
            : Optional.of("no node answered a " + work.name().toLowerCase(java.util.Locale.ROOT));
  }

  /// No node did anything.
  static Check noNode() {
    return seen ->
        seen.answers().isEmpty()
            ? Optional.empty()
            : Optional.of(seen.answers().getFirst().toString());
  }

  /// The node is another one than in the step before.
  static Check anotherNode() {
    return seen ->
        !seen.before().isEmpty()
                && !seen.answers().isEmpty()
                && !seen.before().getLast().node().equals(seen.answers().getLast().node())
            ? Optional.empty()
            : Optional.of("the same node answered twice");
  }
}
