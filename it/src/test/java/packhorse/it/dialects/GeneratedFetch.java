package packhorse.it.dialects;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A fetch, as a client is asked to do it.
///
/// @param refspecs what is wanted, and under which names it is kept
/// @param tags `--tags`, `--no-tags`, or empty: those of the commits that come
/// @param deepen how deep, as an option of git; or empty
/// @param filter what to leave out; or empty
/// @param prune whether refs that are gone go here too
/// @param bare whether an object is wanted by its id
record GeneratedFetch(
    List<String> refspecs, String tags, String deepen, String filter, boolean prune, boolean bare) {
  /// Filters that leave out files and nothing else.
  static final List<String> WITHOUT_BLOBS = List.of("blob:none", "blob:limit=100");

  /// Filters that leave out folders as well.
  static final List<String> WITHOUT_TREES =
      List.of("tree:0", "tree:1", "tree:2", "object:type=commit");

  /// @param filters those of this client; empty for one that wants everything
  /// @param ids whether objects may be wanted by id
  static GeneratedFetch of(
      Random random,
      GeneratedHistory history,
      GeneratedRefs refs,
      List<String> filters,
      boolean ids) {
    List<String> refspecs = new ArrayList<>();
    boolean bare = false;
    int kind = random.nextInt(10);
    String name = refs.any();
    String one = "+" + name + ":refs/one/" + name.substring("refs/".length());
    if (kind < 3) refspecs.add("+refs/heads/*:refs/remotes/origin/*");
    else if (kind == 3) refspecs.add("+refs/*:refs/mirror/*");
    else if (kind == 4 && ids && !refs.anyReachable().isEmpty()) {
      refspecs.add("+" + refs.anyReachable() + ":refs/wanted/" + random.nextInt(3));
      bare = true;
    } else refspecs.add(one);
    if (kind == 9) refspecs.add("+refs/heads/topic/*:refs/remotes/topic/*");
    int tags = random.nextInt(6);
    String filter = filters.isEmpty() ? "" : filters.get(random.nextInt(filters.size()));
    return new GeneratedFetch(
        List.copyOf(refspecs),
        tags == 0 ? "--tags" : tags < 3 ? "--no-tags" : "",
        deepen(random, history, refs),
        filter,
        random.nextInt(4) == 0 && !bare,
        bare);
  }

  private static String deepen(Random random, GeneratedHistory history, GeneratedRefs refs) {
    return switch (random.nextInt(14)) {
      case 0, 1 -> "--depth=" + (1 + random.nextInt(6));
      case 2 -> "--deepen=" + (1 + random.nextInt(4));
      case 3 -> "--shallow-since=" + history.date(history.anyCommit());
      case 4 -> "--shallow-exclude=" + refs.any();
      case 5 -> "--depth=2147483647";
      default -> "";
    };
  }

  /// The same of a client that has something already. What a partial client was never sent git
  /// fetches one by one: which trees depends on the order of wants, which is nobody's promise, and
  /// a change of depth fails on its side over one transport and not over the other, also with the
  /// node directly.
  GeneratedFetch later() {
    return filter.isEmpty()
        ? this
        : new GeneratedFetch(refspecs, tags, "", "blob:none", prune, bare);
  }

  /// The arguments of git.
  String[] arguments() {
    List<String> argv = new ArrayList<>(List.of("fetch", "-q", "--no-write-fetch-head"));
    for (String option : List.of(tags, deepen)) if (!option.isEmpty()) argv.add(option);
    if (!filter.isEmpty()) argv.add("--filter=" + filter);
    if (prune) argv.add("--prune");
    argv.add("origin");
    argv.addAll(refspecs);
    return argv.toArray(String[]::new);
  }

  /// Whether it is one for JGit. It has no word for a depth that is relative to what is there; with
  /// a date or a ref to leave out it takes the answer of a v0 node over HTTP for broken; and asked
  /// for a depth where it has something already it finds that the graph is not complete, and keeps
  /// what depends on the transport. All of that with the node directly.
  boolean forJGit(Holdings client) {
    boolean depth = deepen.startsWith("--depth=") && client.objects().isEmpty();
    return filter.isEmpty() && (deepen.isEmpty() || depth);
  }

  /// The part of an option behind its equals sign.
  static String value(String option) {
    return option.substring(option.indexOf('=') + 1);
  }
}
