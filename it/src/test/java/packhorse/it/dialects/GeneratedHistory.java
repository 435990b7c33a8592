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
import packhorse.it.kit.GitRunner;

/// A history that nobody would make: merges of two and of many, reverts, many roots, tags of tags
/// and of what is no commit, dates that go backwards. Written by one `git fast-import`; everything
/// follows from the random numbers. For one thread.
final class GeneratedHistory {
  private static final long START = 1_767_323_045;
  private static final String WHO = "Al Smith <al@example.org> ";

  private final Random random;
  private final String letter;
  private final StringBuilder stream = new StringBuilder("feature done\n");
  private final List<Made> commits = new ArrayList<>();
  private final List<String> tags = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();

  /// A commit.
  ///
  /// @param from an id of another history, or empty
  private record Made(List<Integer> parents, String from, Map<String, String> files, long date) {}

  /// @param letter what its files and messages have, that no other history has
  GeneratedHistory(Random random, String letter) {
    this.random = random;
    this.letter = letter;
  }

  /// Adds commits and tags, the first of them on top of these commits of another history.
  GeneratedHistory grow(int count, List<String> others) {
    for (int i = 0; i < count; i++) {
      commit(i < others.size() ? others.get(i) : "");
      if (random.nextInt(7) == 0) tag();
    }
    return this;
  }

  /// Writes it into a bare repository.
  ///
  /// @param deltas whether objects may be written as differences
  GeneratedHistory into(GitRunner repository, boolean deltas) throws IOException {
    Path marks = repository.directory().resolve("marks");
    Path input = repository.directory().resolve("stream");
    Files.writeString(input, stream + "done\n");
    repository
        .set("fastimport.unpackLimit", "0")
        .command(
            "fast-import",
            "--quiet",
            "--force",
            "--depth=" + (deltas ? 50 : 0),
            "--export-marks=" + marks)
        .input(input)
        .run()
        .expectSuccess();
    Map<Integer, String> written = new TreeMap<>();
    for (String line : Files.readAllLines(marks)) {
      int space = line.indexOf(' ');
      written.put(Integer.parseInt(line.substring(1, space)), line.substring(space + 1));
    }
    ids.addAll(written.values());
    return this;
  }

  int commits() {
    return commits.size();
  }

  /// The id of a commit.
  String commit(int index) {
    return ids.get(index);
  }

  /// Any commit, late ones more often.
  int anyCommit() {
    int one = random.nextInt(commits.size());
    return random.nextBoolean() ? Math.max(one, random.nextInt(commits.size())) : one;
  }

  /// The id of any tag object; empty where there is none.
  String anyTag() {
    return tags.isEmpty() ? "" : ids.get(commits.size() + random.nextInt(tags.size()));
  }

  long date(int index) {
    return commits.get(index).date();
  }

  /// The commits that can be reached from these, with themselves.
  Set<String> reachable(Set<String> tips) {
    Set<Integer> seen = new LinkedHashSet<>();
    List<Integer> open = new ArrayList<>();
    tips.stream().map(ids::indexOf).filter(at -> at >= 0 && at < commits()).forEach(open::add);
    while (!open.isEmpty()) {
      int one = open.removeLast();
      if (seen.add(one)) open.addAll(commits.get(one).parents());
    }
    return seen.stream().map(ids::get).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void commit(String from) {
    List<Integer> parents = from.isEmpty() ? parents() : List.of();
    Map<String, String> files = files(parents);
    long step = random.nextInt(4) == 0 ? -random.nextInt(90) : random.nextInt(120);
    long date = (commits.isEmpty() ? START : commits.getLast().date()) + step;
    commits.add(new Made(parents, from, files, date));
    write(commits.getLast());
  }

  // a root now and then, an octopus now and then; most commits go on where the last one was
  private List<Integer> parents() {
    int kind = random.nextInt(20);
    if (commits.isEmpty() || kind == 0) return List.of();
    Set<Integer> parents = new LinkedHashSet<>();
    parents.add(random.nextInt(3) == 0 ? random.nextInt(commits.size()) : commits.size() - 1);
    int more = kind < 5 ? 1 : kind == 5 ? 2 + random.nextInt(4) : 0;
    for (int i = 0; i < more; i++) parents.add(random.nextInt(commits.size()));
    return List.copyOf(parents);
  }

  private Map<String, String> files(List<Integer> parents) {
    Map<String, String> files = new TreeMap<>();
    for (int parent : parents) commits.get(parent).files().forEach(files::putIfAbsent);
    // a revert: the tree of some earlier commit, whole
    if (!parents.isEmpty() && random.nextInt(8) == 0) {
      return new TreeMap<>(commits.get(random.nextInt(commits.size())).files());
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      String path = "d" + random.nextInt(3) + "/" + (random.nextInt(4) == 0 ? "deep/" : "") + "f";
      String file = path + random.nextInt(6);
      if (random.nextInt(6) == 0) files.remove(file);
      else files.put(file, text());
    }
    return files;
  }

  // some texts come again and again, some are long enough for deltas
  private String text() {
    int one = random.nextInt(40);
    String line = letter + " line " + one + "\n";
    return one < 30 ? line : line.repeat(30) + random.nextInt(1_000) + "\n";
  }

  private void write(Made made) {
    String ref = "refs/made/" + letter;
    stream.append("reset ").append(ref).append("\ncommit ").append(ref);
    stream.append("\nmark :").append(commits.size());
    stream.append("\ncommitter ").append(WHO).append(made.date()).append(" +0000\n");
    content("Commit " + letter + commits.size() + "\n");
    String word = "from ";
    if (!made.from().isEmpty()) stream.append(word).append(made.from()).append('\n');
    for (int parent : made.parents()) {
      stream.append(word).append(':').append(parent + 1).append('\n');
      word = "merge ";
    }
    stream.append("deleteall\n");
    made.files()
        .forEach((path, text) -> {
          stream.append("M 100644 inline ").append(path).append('\n');
          content(text);
        });
  }

  // marks of tags stand behind those of all commits
  private void tag() {
    int mark = 1_000_000 + tags.size();
    boolean nested = !tags.isEmpty() && random.nextInt(3) == 0;
    int from = nested ? mark - 1 - random.nextInt(tags.size()) : 1 + anyCommit();
    tags.add("made-" + letter + tags.size());
    stream.append("tag ").append(tags.getLast()).append("\nmark :").append(mark);
    stream.append("\nfrom :").append(from).append("\ntagger ").append(WHO).append(START);
    stream.append(" +0000\n");
    content("Tag " + tags.getLast() + "\n");
  }

  private void content(String text) {
    stream.append("data ").append(text.length()).append('\n').append(text).append('\n');
  }
}
