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

/// Builds one sample repository, commit by commit. The commits have fixed dates, so that the object
/// ids are the same wherever and whenever the repository is built. The refs are written by
/// [#finish] only. Not thread-safe.
final class SampleRepositoryBuilder implements AutoCloseable {
  private static final Instant FIRST_COMMIT_AT = Instant.parse("2026-03-02T08:30:00Z");
  private static final Duration COMMIT_INTERVAL = Duration.ofMinutes(317);

  private final FileRepository repository;
  private final ObjectInserter objects;
  // by branch name
  private final Map<String, ObjectId> tips = new TreeMap<>();
  // by tag name
  private final Map<String, ObjectId> tags = new TreeMap<>();
  // by branch name: the blob of each path
  private final Map<String, Map<String, ObjectId>> files = new HashMap<>();
  private Instant nextCommitAt = FIRST_COMMIT_AT;

  /// Creates an empty bare repository whose default branch is `main`.
  SampleRepositoryBuilder(Path folder) throws IOException {
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

  /// Adds to a branch a commit that sets the content of one file. Creates the branch if there is
  /// none.
  void commit(String branch, Author author, String message, String path, String text)
      throws IOException {
    ObjectId blob = objects.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
    filesOf(branch).put(path, blob);
    ObjectId tip = tips.get(branch);
    writeCommit(branch, author, message, tip == null ? new ObjectId[0] : new ObjectId[] {tip});
  }

  /// Creates a branch at the tip of another one.
  void branch(String name, String from) throws IOException {
    tips.put(name, tip(from));
    files.put(name, new TreeMap<>(filesOf(from)));
  }

  /// Merges the branch `from` into the branch `into`. If both have a file, its content is taken
  /// from `from`.
  void merge(String into, Author author, String from) throws IOException {
    filesOf(into).putAll(filesOf(from));
    writeCommit(into, author, "Merge branch '" + from + "'\n", tip(into), tip(from));
  }

  /// Creates an annotated tag of a branch's tip, dated when the next commit would be.
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
    for (ReceiveCommand command : refs.getCommands()) {
      if (command.getResult() != ReceiveCommand.Result.OK)
        throw new IOException("could not write ref: " + command);
    }
  }

  @Override
  public void close() {
    objects.close();
    repository.close();
  }

  private void writeCommit(String branch, Author author, String message, ObjectId... parents)
      throws IOException {
    var commit = new CommitBuilder();
    commit.setTreeId(writeTree(filesOf(branch)));
    commit.setParentIds(parents);
    commit.setAuthor(ident(author));
    commit.setCommitter(commit.getAuthor());
    commit.setMessage(message);
    tips.put(branch, objects.insert(commit));
    nextCommitAt = nextCommitAt.plus(COMMIT_INTERVAL);
  }

  private ObjectId writeTree(Map<String, ObjectId> blobs) throws IOException {
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
    return new PersonIdent(
        author.name(), author.email(), nextCommitAt, ZoneOffset.ofHours(author.utcOffsetHours()));
  }

  /// The author of a commit, and the offset of the author's time zone from UTC.
  record Author(String name, String email, int utcOffsetHours) {}
}
