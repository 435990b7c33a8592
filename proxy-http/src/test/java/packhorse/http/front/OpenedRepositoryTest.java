package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.backend.Backends;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Front;
import packhorse.request.Headers;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.WebRequest;
import packhorse.request.WebRequest.RepositoryFile;

/// The repository of a request is the one that a node opens, whatever the path: compared with `git
/// http-backend`, and with a server of plain files, for generated paths into repositories that lie
/// in each other, under names of git's own files and folders.
@Tag("counted")
final class OpenedRepositoryTest {
  private static final int PATHS = Boolean.getBoolean("packhorse.thorough") ? 20_000 : 600;

  private static final List<String> REPOSITORIES =
      List.of(
          "teams",
          "teams/info",
          "teams/info/secret",
          "teams/info/app.git",
          "group/objects",
          "teams/objects/info/app",
          "group/refs/app",
          "teams/logs/app",
          "teams/modules/app",
          "teams/app.git",
          "teams/app.git/info/app",
          "info/refs",
          "objects",
          "group/HEAD",
          "group/git-upload-pack",
          "group/info/refs/app",
          "group/app/.git");

  private static final String WORKING_TREE = "teams/worktrees/tree";

  private static final List<String> SEGMENTS =
      List.of(
          "teams",
          "group",
          "info",
          "objects",
          "refs",
          "logs",
          "app",
          "app.git",
          ".git",
          "secret",
          "modules",
          "worktrees",
          "tree",
          "heads",
          "HEAD",
          "git-upload-pack",
          "pack",
          "aa");

  private static final String OBJECT = "objects/aa/" + "b".repeat(38);
  private static final String PACK = "objects/pack/pack-" + "c".repeat(40) + ".pack";
  private static final List<String> FILES =
      List.of(
          "HEAD",
          "info/refs",
          "info/refs?service=git-upload-pack",
          "git-upload-pack",
          "objects/info/http-alternates",
          OBJECT,
          PACK,
          "logs/HEAD",
          "refs/heads/info/refs",
          "config",
          "HEAD?service=git-upload-pack",
          "HEAD/",
          "info/lfs/objects/batch");

  /// The name of a branch, and the content of files, that tells which repository was opened.
  private static final Arrival ARRIVAL =
      new Arrival("id", Instant.EPOCH, "http", Front.HTTP, InetAddress.getLoopbackAddress(), false);

  private static final Pattern MARK = Pattern.compile("repository-([0-9]+)-");

  private static final String EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

  // Prints the response to each request of its standard input, in which each line is a method, a
  // path and a query.
  private static final String NODE =
      """
      export GIT_PROJECT_ROOT="$1" GIT_HTTP_EXPORT_ALL=1 HTTP_GIT_PROTOCOL=version=2
      export REQUEST_METHOD PATH_INFO QUERY_STRING REMOTE_USER=somebody
      export CONTENT_TYPE=application/x-git-upload-pack-request GIT_CONFIG_NOSYSTEM=1 HOME="$1"
      backend="$(git --exec-path)/git-http-backend"
      while IFS=' ' read -r REQUEST_METHOD PATH_INFO QUERY_STRING; do
        printf '0014command=ls-refs\\n00010000' | "$backend" 2>/dev/null
        printf '\\n==end==\\n'
      done
      """;

  @TempDir private Path root;

  /// A request that the proxy relays.
  ///
  /// @param repository the repository as the policy sees it; empty for a page
  private record Relayed(String line, Optional<String> repository, String path) {}

  @BeforeEach
  void createRepositories() throws IOException {
    for (int i = 0; i < REPOSITORIES.size(); i++) {
      String mark = "repository-" + i + "-";
      Path repository = root.resolve(REPOSITORIES.get(i));
      write(repository, "HEAD", "ref: refs/heads/" + mark);
      write(repository, "refs/heads/" + mark, EMPTY_TREE);
      write(repository, "refs/heads/info/refs", mark);
      for (String file : List.of(OBJECT, PACK, "objects/info/http-alternates", "logs/HEAD")) {
        write(repository, file, mark);
      }
    }
    Path workingTree = root.resolve(WORKING_TREE);
    write(workingTree, "HEAD", "ref: refs/heads/repository-0-");
    write(workingTree, "commondir", "../..");
  }

  private static void write(Path repository, String file, String content) throws IOException {
    Path path = repository.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content + "\n");
  }

  @Test
  void the_repository_that_a_rule_sees_is_the_one_that_a_node_opens() throws Exception {
    var random = new Random(20261201);
    List<Relayed> relayed =
        Stream.concat(
                Stream.concat(REPOSITORIES.stream(), Stream.of(WORKING_TREE))
                    .flatMap(name -> FILES.stream().map(file -> name + "/" + file)),
                Stream.generate(() -> path(random)).limit(PATHS))
            .distinct()
            .flatMap(path -> relayed("/" + path).stream())
            .toList();
    List<String> responses = askBackend(relayed);
    int opened = 0;
    for (int i = 0; i < relayed.size(); i++) {
      Relayed request = relayed.get(i);
      Matcher mark = MARK.matcher(responses.get(i));
      if (mark.find()) {
        opened++;
        String repository = REPOSITORIES.get(Integer.parseInt(mark.group(1)));
        assertThat(request.repository()).as(request.line()).contains(name(repository));
      }
      Optional<String> owner = ownerOfPlainFile(request.path());
      if (request.repository().isPresent() && owner.isPresent()) {
        assertThat(request.repository()).as(request.line()).isEqualTo(owner);
      }
    }
    assertThat(opened).isGreaterThan(REPOSITORIES.size() * 3);
  }

  private static String path(Random random) {
    String base = pick(random, REPOSITORIES);
    String inner =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(i -> pick(random, SEGMENTS) + "/")
            .collect(Collectors.joining());
    return (random.nextBoolean() ? base + "/" : "") + inner + pick(random, FILES);
  }

  private static String pick(Random random, List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static Optional<Relayed> relayed(String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Optional<String> query = mark < 0 ? Optional.empty() : Optional.of(target.substring(mark + 1));
    String method = path.endsWith("/git-upload-pack") ? "POST" : "GET";
    String line = method + " %s " + query.orElse("");
    try {
      return Optional.of(
          switch (GitUrl.read(method, path, query)) {
            case RequestTarget.ServiceTarget git -> {
              String end = method.equals("POST") ? "/git-upload-pack" : "/info/refs";
              yield relayed(line, git.repository(), end, false);
            }
            case RequestTarget.LfsTarget lfs ->
                relayed(line, lfs.repository(), "/" + lfs.file(), false);
            case RequestTarget.PageTarget page -> {
              Optional<RepositoryFile> file = page.file();
              if (file.isEmpty()) yield page(line, page);
              yield relayed(
                  line,
                  file.get().repository(),
                  file.get().file().isEmpty() ? "" : "/" + file.get().file(),
                  file.get().file().isEmpty());
            }
          });
    } catch (RefusalException refused) {
      return Optional.empty();
    }
  }

  private static Relayed page(String line, RequestTarget.PageTarget page) throws RefusalException {
    var request =
        new WebRequest(
            ARRIVAL,
            Optional.of("code.test"),
            new Credential.NoCredential(),
            page.method(),
            page.path(),
            page.query(),
            page.file(),
            Headers.empty());
    Backends.PLAIN.pageOf(request, false);
    return new Relayed(line.formatted(page.path().raw()), Optional.empty(), page.path().raw());
  }

  private static Relayed relayed(
      String line, RepositoryPath repository, String file, boolean isPage) {
    String path = "/" + repository.requestedPath() + file;
    Optional<String> name = isPage ? Optional.empty() : Optional.of(repository.name());
    return new Relayed(line.formatted(path), name, path);
  }

  private List<String> askBackend(List<Relayed> requests) throws Exception {
    Path input = root.resolve("requests");
    Files.write(input, requests.stream().map(Relayed::line).toList());
    Path output = root.resolve("responses");
    Process node =
        new ProcessBuilder("sh", "-c", NODE, "sh", root.toString())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(node.waitFor()).isZero();
    String text = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
    List<String> responses = new ArrayList<>(List.of(text.split("\n==end==\n", -1)));
    assertThat(responses).hasSize(requests.size() + 1);
    return responses;
  }

  // A server of plain files opens no repository; the file belongs to the nearest one above it.
  private Optional<String> ownerOfPlainFile(String path) {
    Path file = root.resolve(path.substring(1));
    if (!Files.isRegularFile(file)) return Optional.empty();
    String folder = path.substring(1);
    while (folder.contains("/")) {
      folder = folder.substring(0, folder.lastIndexOf('/'));
      if (REPOSITORIES.contains(folder)) return Optional.of(name(folder));
    }
    return Optional.empty();
  }

  private static String name(String repository) {
    return repository.replaceFirst("/?\\.git$", "");
  }
}
