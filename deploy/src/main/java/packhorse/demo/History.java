package packhorse.demo;

import static org.eclipse.jgit.lib.ObjectId.zeroId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;

/// Writes one sample repository, commit by commit. Time passes by a fixed step with each, so that
/// the object ids are the same wherever and whenever it is written. For one thread.
final class History implements AutoCloseable {
  private static final Instant BEGINNING = Instant.parse("2026-03-02T08:30:00Z");
  private static final Duration STEP = Duration.ofMinutes(317);

  private final FileRepository repository;
  private final ObjectInserter objects;
  private final Map<String, ObjectId> tips = new TreeMap<>();
  private final Map<String, ObjectId> tags = new TreeMap<>();
  private final Map<String, Map<String, ObjectId>> files = new HashMap<>();
  private Instant now = BEGINNING;

  /// Makes an empty bare repository whose first branch is `main`.
  History(Path folder) throws IOException {
    this.repository = new FileRepository(folder.toFile());
    repository.create(true);
    repository.updateRef(Constants.HEAD).link("refs/heads/main");
    StoredConfig config = repository.getConfig();
    config.setBoolean("receive", null, "autogc", false);
    config.setBoolean("uploadpack", null, "allowFilter", true);
    config.setBoolean("uploadpack", null, "allowReachableSHA1InWant", true);
    config.save();
    this.objects = repository.getObjectDatabase().newPackInserter();
  }

  /// Adds a commit to a branch: `path` now holds `text`, all else is as it was.
  void commit(String branch, Author author, String message, String path, String text)
      throws IOException {
    ObjectId blob = objects.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
    filesOf(branch).put(path, blob);
    ObjectId tip = tips.get(branch);
    write(branch, author, message, tip == null ? new ObjectId[0] : new ObjectId[] {tip});
  }

  /// Starts a branch where another one is.
  void branch(String name, String from) throws IOException {
    tips.put(name, tip(from));
    files.put(name, new TreeMap<>(filesOf(from)));
  }

  /// Merges a branch whose files, where both have one, win.
  void merge(String into, Author author, String from) throws IOException {
    filesOf(into).putAll(filesOf(from));
    write(into, author, "Merge branch '" + from + "'\n", tip(into), tip(from));
  }

  /// An annotated tag of a branch's tip.
  void tag(String name, Author author, String message, String branch) throws IOException {
    var tag = new TagBuilder();
    tag.setTag(name);
    tag.setObjectId(tip(branch), Constants.OBJ_COMMIT);
    tag.setTagger(ident(author));
    tag.setMessage(message);
    tags.put(name, objects.insert(tag));
  }

  /// Writes all objects as one pack, and the refs.
  void finish() throws IOException {
    objects.flush();
    BatchRefUpdate refs = repository.getRefDatabase().newBatchUpdate();
    tips.forEach(
        (name, id) -> refs.addCommand(new ReceiveCommand(zeroId(), id, "refs/heads/" + name)));
    tags.forEach(
        (name, id) -> refs.addCommand(new ReceiveCommand(zeroId(), id, "refs/tags/" + name)));
    refs.disableRefLog();
    try (var walk = new RevWalk(repository)) {
      refs.execute(walk, NullProgressMonitor.INSTANCE);
    }
    for (ReceiveCommand each : refs.getCommands()) {
      if (each.getResult() != ReceiveCommand.Result.OK)
        throw new IOException("not written: " + each);
    }
  }

  @Override
  public void close() {
    objects.close();
    repository.close();
  }

  private void write(String branch, Author author, String message, ObjectId... parents)
      throws IOException {
    var commit = new CommitBuilder();
    commit.setTreeId(tree(filesOf(branch)));
    commit.setParentIds(parents);
    commit.setAuthor(ident(author));
    commit.setCommitter(commit.getAuthor());
    commit.setMessage(message);
    tips.put(branch, objects.insert(commit));
    now = now.plus(STEP);
  }

  private ObjectId tree(Map<String, ObjectId> blobs) throws IOException {
    DirCache index = DirCache.newInCore();
    DirCacheBuilder builder = index.builder();
    blobs.forEach((path, blob) -> {
      var entry = new DirCacheEntry(path);
      entry.setFileMode(path.startsWith("bin/") ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE);
      entry.setObjectId(blob);
      builder.add(entry);
    });
    builder.finish();
    return index.writeTree(objects);
  }

  private Map<String, ObjectId> filesOf(String branch) {
    return files.computeIfAbsent(branch, key -> new TreeMap<>());
  }

  private ObjectId tip(String branch) {
    ObjectId tip = tips.get(branch);
    if (tip == null) throw new IllegalArgumentException("no branch \"" + branch + "\"");
    return tip;
  }

  private PersonIdent ident(Author author) {
    return new PersonIdent(author.name(), author.email(), now, ZoneOffset.ofHours(author.hours()));
  }

  /// Who wrote a commit, and how many hours before Greenwich the sun rises there.
  record Author(String name, String email, int hours) {}
}
