package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the bare repositories that a node serves, with real history. Used by tests, before or
/// while the node runs.
///
/// Each repository takes pushes without a login, partial clones, push options and signed pushes;
/// further settings are given as `key=value`.
public final class Repositories {
  private static final String SETTINGS =
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

  /// The samples, by the format of their names: made once for each process, then copied.
  private static final Map<String, FolderImage> SAMPLES = new ConcurrentHashMap<>();

  private final Path root;
  private final GitRunner git;

  /// Makes repositories below `root`.
  ///
  /// @param root where the repositories are, as `acme/app.git`; made if it is not there
  /// @param home where git's own files are, outside of `root`
  public Repositories(Path root, Path home) {
    this.root = root;
    this.git = GitRunner.in(home);
  }

  /// Where the repositories are.
  public Path root() {
    return root;
  }

  /// A repository that is there already.
  public Repository open(String name) {
    Path folder = root.resolve(name + ".git");
    return new Repository(name, folder, git.at(folder));
  }

  /// Without any ref or object.
  public Repository empty(String name, String... settings) {
    return make(name, List.of(), settings);
  }

  /// Eight commits on `main` (two of them on `develop` and one on `topic` too), HEAD on `main`,
  /// annotated tags `v1.0` and `v2.0`, a light tag `nightly`.
  public Repository sample(String name, String... settings) {
    return copied("sha1", name, settings);
  }

  /// As [#sample], with HEAD on `develop`, which is the same commit as `main`.
  public Repository sampleOnDevelop(String name, String... settings) {
    Repository repository = sample(name, settings);
    repository.point("refs/heads/develop", "refs/heads/main");
    repository.git().git("symbolic-ref", "HEAD", "refs/heads/develop").expectSuccess();
    return repository;
  }

  /// As [#sample], with SHA-256 names.
  public Repository sha256(String name, String... settings) {
    return copied("sha256", name, settings);
  }

  /// As [#sample], with `count` more branches `refs/heads/many/N`.
  public Repository manyRefs(String name, int count, String... settings) {
    Repository repository = sample(name, settings);
    try (History history = History.into(repository, true)) {
      for (int i = 0; i < count; i++) history.ref("refs/heads/many/" + i, "refs/heads/main^0");
    }
    repository.git().git("pack-refs", "--all").expectSuccess();
    return repository;
  }

  /// One commit on `main` with this many MiB that nothing can compress.
  public Repository large(String name, int mib, String... settings) {
    Repository repository = make(name, List.of(), settings);
    repository.set("core.compression", "0").set("pack.window", "0");
    try (History history = History.into(repository, false)) {
      history.noise("refs/heads/main", "noise", mib, 20_260_102);
    }
    return repository;
  }

  private Repository make(String name, List<String> how, String... settings) {
    Repository repository = open(name);
    var argv = new ArrayList<>(List.of("init", "-q", "--bare", "--template="));
    argv.addAll(how);
    argv.add(repository.folder().toString());
    try {
      Files.createDirectories(repository.folder());
      git.git(argv.toArray(String[]::new)).expectSuccess();
      Files.writeString(repository.folder().resolve("config"), SETTINGS, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return set(repository, settings);
  }

  private Repository copied(String format, String name, String... settings) {
    Repository repository = open(name);
    try {
      SAMPLES.computeIfAbsent(format, Repositories::template).copyTo(repository.folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return set(repository, settings);
  }

  private static Repository set(Repository repository, String... settings) {
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      repository.set(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return repository;
  }

  private static FolderImage template(String format) {
    Path folder = Scratch.folder();
    try {
      var own = new Repositories(folder.resolve("repositories"), folder.resolve("home"));
      Repository sample = own.make("sample", List.of("--object-format=" + format));
      tell(sample);
      return FolderImage.of(sample.folder());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(folder);
    }
  }

  private static void tell(Repository repository) {
    try (History history = History.into(repository, false)) {
      String main = "refs/heads/main";
      history.commit(main, "README.md", "One\n").commit(main, "src/a.txt", "a\n");
      history.ref("refs/heads/develop", main).commit("refs/heads/develop", "dev.txt", "d\n");
      history.commit(main, "src/b.txt", "b\n").tag("v1.0", main);
      history.commit(main, "src/a.txt", "a2\n").ref("refs/heads/topic", main);
      history.commit("refs/heads/topic", "topic.txt", "t\n").commit(main, "docs/c.md", "c\n");
      history.ref("refs/tags/nightly", main).commit(main, "src/b.txt", "b2\n");
      history.commit(main, "README.md", "Two\n").tag("v2.0", main).commit(main, "src/d.txt", "d\n");
    }
  }
}
