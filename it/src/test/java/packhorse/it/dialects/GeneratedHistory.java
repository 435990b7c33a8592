package packhorse.it.dialects;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import packhorse.it.kit.git.GitRunner;

/// A randomly generated commit history with unusual features: octopus merges, reverts, several root
/// commits, tags of tags, and dates that go backwards. It is collected as input for `git
/// fast-import` and written by one run of it. The same random seed generates the same history. For
/// one thread.
final class GeneratedHistory {
  private static final long FIRST_DATE = 1_767_323_045;
  private static final String PERSON = "Al Smith <al@example.org> ";

  private final Random random;
  private final String prefix;
  private final StringBuilder stream = new StringBuilder("feature done\n");
  private final List<GeneratedCommit> commits = new ArrayList<>();
  private final List<String> tags = new ArrayList<>();
  // The ids of all commits and then of all tags, each in the order of creation; empty before the
  // import.
  private final List<String> ids = new ArrayList<>();

  /// A commit of this history.
  ///
  /// @param parents the indexes of the parents in this history
  /// @param base the id of a parent in another history; empty if there is none
  /// @param files the text of each file by its path
  /// @param date the committer date in seconds since the epoch
  private record GeneratedCommit(
      List<Integer> parents, String base, Map<String, String> files, long date) {}

  /// @param prefix a part of all file contents, messages and ref names, different for each history
  GeneratedHistory(Random random, String prefix) {
    this.random = random;
    this.prefix = prefix;
  }

  /// Adds commits and some tags.
  ///
  /// @param bases ids of commits of another history, which become the parents of the first commits
  GeneratedHistory addCommits(int count, List<String> bases) {
    for (int i = 0; i < count; i++) {
      addCommit(i < bases.size() ? bases.get(i) : "");
      if (random.nextInt(7) == 0) addTag();
    }
    return this;
  }

  /// Writes the history into a bare repository.
  ///
  /// @param deltas whether objects may be written as deltas
  GeneratedHistory importInto(GitRunner repository, boolean deltas) throws IOException {
    Path marks = repository.directory().resolve("marks");
    Path input = repository.directory().resolve("stream");
    Files.writeString(input, stream + "done\n");
    repository
        .config("fastimport.unpackLimit", "0")
        .command(
            "fast-import",
            "--quiet",
            "--force",
            "--depth=" + (deltas ? 50 : 0),
            "--export-marks=" + marks)
        .input(input)
        .run()
        .expectSuccess();
    Map<Integer, String> idsByMark = new TreeMap<>();
    for (String line : Files.readAllLines(marks)) {
      int space = line.indexOf(' ');
      idsByMark.put(Integer.parseInt(line.substring(1, space)), line.substring(space + 1));
    }
    ids.addAll(idsByMark.values());
    return this;
  }

  int commitCount() {
    return commits.size();
  }

  /// Returns the id of a commit; only after the import.
  String commitId(int index) {
    return ids.get(index);
  }

  /// Returns the index of a random commit. Later commits are more probable.
  int randomCommit() {
    int chosen = random.nextInt(commits.size());
    return random.nextBoolean() ? Math.max(chosen, random.nextInt(commits.size())) : chosen;
  }

  /// Returns the id of a random tag object; empty if there is none.
  String randomTagId() {
    return tags.isEmpty() ? "" : ids.get(commits.size() + random.nextInt(tags.size()));
  }

  long commitDate(int index) {
    return commits.get(index).date();
  }

  /// Returns the ids of the commits of this history that are reachable from these, including
  /// themselves.
  Set<String> reachable(Set<String> tips) {
    Set<Integer> seen = new LinkedHashSet<>();
    List<Integer> pending = new ArrayList<>();
    tips.stream()
        .map(ids::indexOf)
        .filter(index -> index >= 0 && index < commitCount())
        .forEach(pending::add);
    while (!pending.isEmpty()) {
      int chosen = pending.removeLast();
      if (seen.add(chosen)) pending.addAll(commits.get(chosen).parents());
    }
    return seen.stream().map(ids::get).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void addCommit(String base) {
    List<Integer> parents = base.isEmpty() ? randomParents() : List.of();
    Map<String, String> files = randomFiles(parents);
    long step = random.nextInt(4) == 0 ? -random.nextInt(90) : random.nextInt(120);
    long date = (commits.isEmpty() ? FIRST_DATE : commits.getLast().date()) + step;
    commits.add(new GeneratedCommit(parents, base, files, date));
    writeCommit(commits.getLast());
  }

  // Some commits are roots, some are merges; most have the previous commit as their only parent.
  private List<Integer> randomParents() {
    int kind = random.nextInt(20);
    if (commits.isEmpty() || kind == 0) return List.of();
    Set<Integer> parents = new LinkedHashSet<>();
    parents.add(random.nextInt(3) == 0 ? random.nextInt(commits.size()) : commits.size() - 1);
    int mergeCount = kind < 5 ? 1 : kind == 5 ? 2 + random.nextInt(4) : 0;
    for (int i = 0; i < mergeCount; i++) parents.add(random.nextInt(commits.size()));
    return List.copyOf(parents);
  }

  // Merges the files of the parents and changes some of them.
  private Map<String, String> randomFiles(List<Integer> parents) {
    Map<String, String> files = new TreeMap<>();
    for (int parent : parents) commits.get(parent).files().forEach(files::putIfAbsent);
    // A revert restores the files of an earlier commit.
    if (!parents.isEmpty() && random.nextInt(8) == 0) {
      return new TreeMap<>(commits.get(random.nextInt(commits.size())).files());
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      String path = "d" + random.nextInt(3) + "/" + (random.nextInt(4) == 0 ? "deep/" : "") + "f";
      String file = path + random.nextInt(6);
      if (random.nextInt(6) == 0) files.remove(file);
      else files.put(file, randomText());
    }
    return files;
  }

  // Some texts occur several times, some are long enough to be stored as deltas.
  private String randomText() {
    int chosen = random.nextInt(40);
    String line = prefix + " line " + chosen + "\n";
    return chosen < 30 ? line : line.repeat(30) + random.nextInt(1_000) + "\n";
  }

  private void writeCommit(GeneratedCommit commit) {
    String ref = "refs/made/" + prefix;
    // Without the reset, a commit without `from` would get the previous commit as its parent.
    stream.append("reset ").append(ref).append("\ncommit ").append(ref);
    stream.append("\nmark :").append(commits.size());
    stream.append("\ncommitter ").append(PERSON).append(commit.date()).append(" +0000\n");
    writeData("Commit " + prefix + commits.size() + "\n");
    String keyword = "from ";
    if (!commit.base().isEmpty()) stream.append(keyword).append(commit.base()).append('\n');
    for (int parent : commit.parents()) {
      stream.append(keyword).append(':').append(parent + 1).append('\n');
      keyword = "merge ";
    }
    stream.append("deleteall\n");
    commit
        .files()
        .forEach((path, text) -> {
          stream.append("M 100644 inline ").append(path).append('\n');
          writeData(text);
        });
  }

  // The mark of a commit is its index plus one. The marks of tags are greater than those of all
  // commits, so that the ids of the tags follow those of the commits.
  private void addTag() {
    int mark = 1_000_000 + tags.size();
    boolean nested = !tags.isEmpty() && random.nextInt(3) == 0;
    int target = nested ? mark - 1 - random.nextInt(tags.size()) : 1 + randomCommit();
    tags.add("made-" + prefix + tags.size());
    stream.append("tag ").append(tags.getLast()).append("\nmark :").append(mark);
    stream.append("\nfrom :").append(target).append("\ntagger ").append(PERSON).append(FIRST_DATE);
    stream.append(" +0000\n");
    writeData("Tag " + tags.getLast() + "\n");
  }

  private void writeData(String text) {
    stream.append("data ").append(text.length()).append('\n').append(text).append('\n');
  }
}
