package packhorse.it.dialects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The refs and HEAD of a node's repository in a generated test. Random changes between two fetches
/// create, move (also backwards) and delete refs. They point to commits and tags of a
/// [GeneratedHistory] that has been imported already. For one thread.
final class GeneratedRefs {
  private static final List<String> BRANCHES =
      List.of("main", "develop", "topic/one", "topic/two", "release", "old", "x");

  private final Random random;
  private final GeneratedHistory history;
  private final SortedMap<String, String> refs = new TreeMap<>();
  // The content of the file HEAD: a symbolic ref, or a commit id if HEAD is detached.
  private String head = "ref: refs/heads/main";

  GeneratedRefs(Random random, GeneratedHistory history) {
    this.random = random;
    this.history = history;
    for (int i = 0; i < 8; i++) changeRandomRef();
    refs.put("refs/heads/main", history.commitId(history.randomCommit()));
  }

  /// Changes a random ref or HEAD, or nothing: what was chosen may be impossible, or the same as
  /// before.
  void changeRandomRef() {
    int kind = random.nextInt(12);
    String branch = "refs/heads/" + BRANCHES.get(random.nextInt(BRANCHES.size()));
    String commit = history.commitId(history.randomCommit());
    if (kind < 5) refs.put(branch, commit);
    else if (kind == 5) refs.put("refs/tags/light-" + random.nextInt(6), commit);
    else if (kind == 6) refs.put("refs/pull/" + random.nextInt(4) + "/head", commit);
    else if (kind < 9 && !history.randomTagId().isEmpty()) {
      refs.put("refs/tags/v" + random.nextInt(9), history.randomTagId());
    } else if (kind == 9 && refs.size() > 2) {
      refs.remove(List.copyOf(refs.keySet()).get(random.nextInt(refs.size())));
    } else if (kind == 10) {
      head = random.nextInt(3) == 0 ? commit : "ref: " + branch;
    }
  }

  /// Writes these refs into a repository that has their objects already.
  void write(Path repository) throws IOException {
    var text = new StringBuilder();
    refs.forEach((name, id) -> text.append(id).append(' ').append(name).append('\n'));
    Path temporary = Files.writeString(repository.resolve("packed-refs.new"), text);
    Files.move(temporary, repository.resolve("packed-refs"), StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(repository.resolve("HEAD"), head + "\n");
  }

  /// Returns the name of a random branch or tag; `refs/heads/main`, which does not exist then, if
  /// there are none.
  String randomRef() {
    List<String> names = refs.keySet().stream().filter(name -> !name.contains("/pull/")).toList();
    return names.isEmpty() ? "refs/heads/main" : names.get(random.nextInt(names.size()));
  }

  /// Returns the id of a random commit that is reachable from a ref; empty if there is none. A
  /// detached HEAD is not considered.
  String randomReachableCommit() {
    Set<String> tips = new HashSet<>(refs.values());
    List<String> reachable = List.copyOf(history.reachable(tips));
    return reachable.isEmpty() ? "" : reachable.get(random.nextInt(reachable.size()));
  }

  @Override
  public String toString() {
    return head + ", " + refs;
  }
}
