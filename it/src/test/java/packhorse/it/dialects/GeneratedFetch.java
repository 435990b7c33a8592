package packhorse.it.dialects;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A generated fetch.
///
/// @param refspecs the refspecs
/// @param tags `--tags`, `--no-tags`, or empty: the tags of the commits that are fetched
/// @param deepen the depth as an option of git; or empty
/// @param filter the filter of a partial clone; or empty
/// @param prune whether refs that the remote no longer has are deleted
/// @param byId whether an object is fetched by its id
record GeneratedFetch(
    List<String> refspecs, String tags, String deepen, String filter, boolean prune, boolean byId) {
  /// Filters that omit blobs only.
  static final List<String> WITHOUT_BLOBS = List.of("blob:none", "blob:limit=100");

  /// Filters that omit trees too.
  static final List<String> WITHOUT_TREES =
      List.of("tree:0", "tree:1", "tree:2", "object:type=commit");

  /// Generates a fetch.
  ///
  /// @param filters the filters of this client; empty for a full clone
  /// @param byIdAllowed whether objects may be fetched by id
  static GeneratedFetch generate(
      Random random,
      GeneratedHistory history,
      GeneratedRefs refs,
      List<String> filters,
      boolean byIdAllowed) {
    List<String> refspecs = new ArrayList<>();
    boolean byId = false;
    int kind = random.nextInt(10);
    String name = refs.randomRef();
    String refspec = "+" + name + ":refs/one/" + name.substring("refs/".length());
    if (kind < 3) refspecs.add("+refs/heads/*:refs/remotes/origin/*");
    else if (kind == 3) refspecs.add("+refs/*:refs/mirror/*");
    else if (kind == 4 && byIdAllowed && !refs.randomReachableCommit().isEmpty()) {
      refspecs.add("+" + refs.randomReachableCommit() + ":refs/wanted/" + random.nextInt(3));
      byId = true;
    } else refspecs.add(refspec);
    if (kind == 9) refspecs.add("+refs/heads/topic/*:refs/remotes/topic/*");
    int tags = random.nextInt(6);
    String filter = filters.isEmpty() ? "" : filters.get(random.nextInt(filters.size()));
    return new GeneratedFetch(
        List.copyOf(refspecs),
        tags == 0 ? "--tags" : tags < 3 ? "--no-tags" : "",
        deepen(random, history, refs),
        filter,
        random.nextInt(4) == 0 && !byId,
        byId);
  }

  private static String deepen(Random random, GeneratedHistory history, GeneratedRefs refs) {
    return switch (random.nextInt(14)) {
      case 0, 1 -> "--depth=" + (1 + random.nextInt(6));
      case 2 -> "--deepen=" + (1 + random.nextInt(4));
      case 3 -> "--shallow-since=" + history.commitDate(history.randomCommit());
      case 4 -> "--shallow-exclude=" + refs.randomRef();
      case 5 -> "--depth=2147483647";
      default -> "";
    };
  }

  /// Returns the fetch for a client that has objects already, without what git itself does in
  /// different ways there. A partial client fetches the objects that it was never sent one by one:
  /// which trees these are depends on the order of wants, which is not specified; and a change of
  /// depth fails in the client over one transport and not over the other, with the node directly
  /// too. A full client that changes the depth of a ref it has follows the new tags over SSH and
  /// not over HTTP, where the fetching process does not see the pack of its helper.
  GeneratedFetch asFollowUp() {
    if (!filter.isEmpty()) {
      return new GeneratedFetch(refspecs, tags, "", "blob:none", prune, byId);
    }
    boolean followsTags = !deepen.isEmpty() && tags.isEmpty();
    return followsTags
        ? new GeneratedFetch(refspecs, "--no-tags", deepen, filter, prune, byId)
        : this;
  }

  /// Returns the arguments of git.
  String[] arguments() {
    List<String> argv = new ArrayList<>(List.of("fetch", "-q", "--no-write-fetch-head"));
    for (String option : List.of(tags, deepen)) if (!option.isEmpty()) argv.add(option);
    if (!filter.isEmpty()) argv.add("--filter=" + filter);
    if (prune) argv.add("--prune");
    argv.add("origin");
    argv.addAll(refspecs);
    return argv.toArray(String[]::new);
  }

  /// Returns whether JGit can do this fetch. It has no option for a depth that is relative to the
  /// current one. With a date or an excluded ref it takes the response of a v0 node over HTTP for
  /// invalid. Asked for a depth where it has objects already, it finds that the graph is not
  /// complete, and keeps what depends on the transport. All this is so with the node directly, too.
  boolean isSupportedByJGit(RepositoryContents client) {
    boolean depth = deepen.startsWith("--depth=") && client.objects().isEmpty();
    return filter.isEmpty() && (deepen.isEmpty() || depth);
  }

  /// Returns the part of an option after its equals sign.
  static String optionValue(String option) {
    return option.substring(option.indexOf('=') + 1);
  }
}
