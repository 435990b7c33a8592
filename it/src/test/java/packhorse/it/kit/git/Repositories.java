package packhorse.it.kit.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import packhorse.it.kit.process.FolderSnapshot;

/// Creates the bare repositories that a node serves, empty or with a fixed history. Used by tests
/// before or while the node runs.
///
/// Each repository accepts pushes without a login, partial clones, push options and signed pushes.
/// The parameter `settings` of the methods adds entries to its git configuration, each as
/// `key=value`. Fails with an exception or assertion error if git fails.
public final class Repositories {
  private static final String GITCONFIG =
      """
      [http]
      \treceivepack = true
      \tuploadarchive = true
      [uploadpack]
      \tallowFilter = true
      [receive]
      \tadvertisePushOptions = true
      \tcertNonceSeed = seed-of-the-tests
      \tcertNonceSlop = 120
      \tautogc = false
      [core]
      \tfsync = none
      [gc]
      \tauto = 0
      """;

  /// The sample repositories by object format: created once for each process, then copied.
  private static final Map<String, FolderSnapshot> SAMPLES = new ConcurrentHashMap<>();

  private final Path root;
  private final GitRunner git;

  /// Creates repositories below `root`.
  ///
  /// @param root the folder that contains the repositories (`acme/app.git` for the name
  ///   `acme/app`); created with the first of them
  /// @param home the home folder of git, outside of `root`
  public Repositories(Path root, Path home) {
    this.root = root;
    this.git = GitRunner.in(home);
  }

  /// Returns the folder that contains the repositories.
  public Path root() {
    return root;
  }

  /// Returns the repository of a name. Creates nothing and does not check that it exists.
  public Repository open(String name) {
    Path folder = root.resolve(name + ".git");
    return new Repository(name, folder, git.at(folder));
  }

  /// Creates a repository without refs and objects.
  public Repository empty(String name, String... settings) {
    return init(name, List.of(), settings);
  }

  /// Creates a repository with eight commits on `main`, HEAD on `main`, annotated tags `v1.0` and
  /// `v2.0`, and a lightweight tag `nightly`. Two more branches have one commit of their own each:
  /// `develop` after the second commit of `main`, and `topic` after the fourth.
  public Repository sample(String name, String... settings) {
    return copySample("sha1", name, settings);
  }

  /// Creates a repository as [#sample] does, with HEAD on `develop`. That branch points to the same
  /// commit as `main`.
  public Repository sampleOnDevelop(String name, String... settings) {
    Repository repository = sample(name, settings);
    repository.updateRef("refs/heads/develop", "refs/heads/main");
    repository.git().run("symbolic-ref", "HEAD", "refs/heads/develop").expectSuccess();
    return repository;
  }

  /// Creates a repository as [#sample] does, with SHA-256 object ids.
  public Repository sha256(String name, String... settings) {
    return copySample("sha256", name, settings);
  }

  /// Creates a repository as [#sample] does, with `count` more branches `refs/heads/many/N` at the
  /// tip of `main`, all packed.
  public Repository manyRefs(String name, int count, String... settings) {
    Repository repository = sample(name, settings);
    try (FastImporter importer = FastImporter.open(repository, true)) {
      for (int i = 0; i < count; i++)
        importer.createRef("refs/heads/many/" + i, "refs/heads/main^0");
    }
    repository.git().run("pack-refs", "--all").expectSuccess();
    return repository;
  }

  /// Creates a repository with one commit on `main`, which adds incompressible files of `mib` MiB
  /// in all. The contents are the same in every run.
  public Repository large(String name, int mib, String... settings) {
    Repository repository = init(name, List.of(), settings);
    // To compress random bytes and to search them for deltas takes time and saves no space.
    repository.config("core.compression", "0").config("pack.window", "0");
    long seed = 20_260_102;
    try (FastImporter importer = FastImporter.open(repository, false)) {
      importer.commitRandomFiles("refs/heads/main", "noise", mib, seed);
    }
    return repository;
  }

  private Repository init(String name, List<String> options, String... settings) {
    Repository repository = open(name);
    var argv = new ArrayList<>(List.of("init", "-q", "--bare", "--template="));
    argv.addAll(options);
    argv.add(repository.folder().toString());
    try {
      Files.createDirectories(repository.folder());
      git.run(argv.toArray(String[]::new)).expectSuccess();
      Files.writeString(
          repository.folder().resolve("config"), GITCONFIG, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return config(repository, settings);
  }

  private Repository copySample(String format, String name, String... settings) {
    Repository repository = open(name);
    try {
      SAMPLES
          .computeIfAbsent(format, f -> FolderSnapshot.of(folder -> createSample(f, folder)))
          .copyTo(repository.folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return config(repository, settings);
  }

  private static Repository config(Repository repository, String... settings) {
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      repository.config(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return repository;
  }

  private static Path createSample(String format, Path folder) {
    var repositories = new Repositories(folder.resolve("repositories"), folder.resolve("home"));
    Repository sample = repositories.init("sample", List.of("--object-format=" + format));
    writeSampleHistory(sample);
    // One pack is copied much faster than a folder and a file for each object.
    sample.git().run("repack", "-a", "-d", "-q").expectSuccess();
    return sample.folder();
  }

  private static void writeSampleHistory(Repository repository) {
    try (FastImporter importer = FastImporter.open(repository, false)) {
      String main = "refs/heads/main";
      importer.commit(main, "README.md", "One\n").commit(main, "src/a.txt", "a\n");
      importer.createRef("refs/heads/develop", main).commit("refs/heads/develop", "dev.txt", "d\n");
      importer.commit(main, "src/b.txt", "b\n").tag("v1.0", main);
      importer.commit(main, "src/a.txt", "a2\n").createRef("refs/heads/topic", main);
      importer.commit("refs/heads/topic", "topic.txt", "t\n").commit(main, "docs/c.md", "c\n");
      importer.createRef("refs/tags/nightly", main).commit(main, "src/b.txt", "b2\n");
      importer
          .commit(main, "README.md", "Two\n")
          .tag("v2.0", main)
          .commit(main, "src/d.txt", "d\n");
    }
  }
}
