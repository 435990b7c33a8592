package packhorse.it.replicas;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The commits that clients have pushed or tried to push, and what the clients know of them. Each
/// branch has one client that pushes to it, so its commits are numbered in the order in which they
/// can become its tip. For any thread.
final class History {
  private final Map<String, PushedCommit> commits = new ConcurrentHashMap<>();
  private final Map<String, Integer> told = new ConcurrentHashMap<>();

  /// A commit.
  ///
  /// @param number from 1, counted for each branch
  record PushedCommit(String id, String parent, String branch, int number) {}

  void add(PushedCommit commit) {
    commits.put(commit.id(), commit);
  }

  Optional<PushedCommit> find(String id) {
    return Optional.ofNullable(commits.get(id));
  }

  /// Returns the number of a commit; 0 for one that no client has pushed, and for none.
  int number(String id) {
    return find(id).map(PushedCommit::number).orElse(0);
  }

  /// Records that some client has seen this commit as the tip of a branch, or knows that its push
  /// to the branch succeeded.
  void tell(String branch, String id) {
    told.merge(branch, number(id), Math::max);
  }

  /// Returns for each branch the number of the newest commit that any client knows to be on it.
  Map<String, Integer> newestTold() {
    return Map.copyOf(told);
  }
}
