package packhorse.it.dialects;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import packhorse.it.kit.git.GitRunner;
import packhorse.it.kit.git.JGitClient;
import packhorse.it.kit.process.CommandResult;

/// One of the clients of a [FetchComparison]: a bare repository. For one thread.
record ComparedClient(Path folder) {
  /// Creates an empty repository.
  static ComparedClient create(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("objects/pack"));
    Files.createDirectories(folder.resolve("refs"));
    Files.writeString(folder.resolve("HEAD"), "ref: refs/heads/none\n");
    return new ComparedClient(folder);
  }

  /// Fetches with git.
  ///
  /// @return the error message; empty if the fetch succeeded
  String fetchWithGit(GitRunner git, int version, String url, GeneratedFetch fetch)
      throws IOException {
    configure(version, url, fetch);
    CommandResult result = git.at(folder).run(fetch.arguments());
    return result.succeeded() ? "" : result.stderr() + "(" + result.exitStatus() + ")";
  }

  /// Returns the ids of the objects that are reachable from its refs, as far as they are present.
  Set<String> reachable(GitRunner git) {
    String[] all = {"rev-list", "--objects", "--no-object-names", "--missing=allow-any", "--all"};
    return Set.copyOf(git.at(folder).run(all).expectSuccess().lines());
  }

  /// Fetches with JGit.
  ///
  /// @return the error message; empty if the fetch succeeded
  String fetchWithJGit(JGitClient client, int version, String url, GeneratedFetch fetch)
      throws IOException, URISyntaxException {
    configure(version, url, fetch);
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build()) {
      List<RefSpec> specs = fetch.refspecs().stream().map(RefSpec::new).toList();
      client.fetch(repository, url, specs, transport -> configureTransport(transport, fetch));
      return "";
    } catch (TransportException | NotSupportedException | JGitInternalException refused) {
      return refused.toString();
    }
  }

  private static void configureTransport(Transport transport, GeneratedFetch fetch) {
    String value = GeneratedFetch.optionValue(fetch.deepen());
    transport.setTagOpt(
        switch (fetch.tags()) {
          case "--tags" -> TagOpt.FETCH_TAGS;
          case "--no-tags" -> TagOpt.NO_TAGS;
          default -> TagOpt.AUTO_FOLLOW;
        });
    transport.setRemoveDeletedRefs(fetch.prune());
    if (fetch.deepen().startsWith("--depth")) transport.setDepth(Integer.parseInt(value));
    if (fetch.deepen().startsWith("--shallow-since")) {
      transport.setDeepenSince(Instant.ofEpochSecond(Long.parseLong(value)));
    }
    if (fetch.deepen().startsWith("--shallow-exclude")) transport.setDeepenNots(List.of(value));
  }

  private void configure(int version, String url, GeneratedFetch fetch) throws IOException {
    boolean partial = !fetch.filter().isEmpty();
    String text =
        "[core]\nrepositoryformatversion = %d\nbare = true\nfsync = none\n"
                .formatted(partial ? 1 : 0)
            + (partial ? "[extensions]\npartialClone = origin\n" : "")
            + "[protocol]\nversion = %d\n[http]\nversion = HTTP/1.1\n".formatted(version)
            + "[fetch]\n"
            + "unpackLimit = 1\n"
            + "fsckObjects = true\n"
            + "writeCommitGraph = false\n"
            + "[gc]\n"
            + "auto = 0\n"
            + "autoPackLimit = 0\n"
            + "[maintenance]\n"
            + "auto = false\n"
            + "[remote \"origin\"]\n"
            + "url = "
            + url
            + "\n"
            + (partial ? "promisor = true\npartialclonefilter = " + fetch.filter() + "\n" : "");
    Files.writeString(folder.resolve("config"), text);
  }
}
