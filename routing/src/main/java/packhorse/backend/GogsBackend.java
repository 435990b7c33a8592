package packhorse.backend;

import java.util.Locale;
import java.util.Optional;
import packhorse.placement.Backend;
import packhorse.placement.RepositoryName;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.WebRequest;

/// Gogs. The names of its repositories ignore the case. It answers protocol v0 only, decides
/// nothing by the client's address, and sets cookies in all its responses, those to git included.
record GogsBackend() implements Backend {
  private static final String HEALTH_PATH = "/healthcheck";
  private static final String HEALTHY = "* Database connection: OK";
  private static final String WIKI_SUFFIX = ".wiki";
  private static final int NAME_SEGMENTS = 2;
  private static final GogsPages PAGES = new GogsPages();
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;

  @Override
  public String kind() {
    return "gogs";
  }

  @Override
  public RepositoryName nameOf(RepositoryPath path) {
    return new RepositoryName(lowerCase(path.name()), lowerCase(path.mainRepository()), true);
  }

  // Gogs builds the path on its disk from the lower-case form of the path that it was sent. Its own
  // names consist of these characters; another one could have a different lower-case form there.
  @Override
  public Optional<String> problemOf(RepositoryPath path) {
    if (!path.name().matches("[A-Za-z0-9._/-]+")) {
      return Optional.of("names of Gogs consist of letters, digits, '-', '_' and '.'");
    }
    if (path.name().split("/", -1).length != NAME_SEGMENTS) {
      return Optional.of("names of Gogs have an owner and a repository");
    }
    if (!path.isWiki() && lowerCase(path.name()).endsWith(WIKI_SUFFIX)) {
      return Optional.of("the suffix of a wiki is '.wiki' in lower case");
    }
    return Optional.empty();
  }

  @Override
  public Page pageOf(WebRequest request, boolean servesFiles) throws RefusalException {
    return PAGES.pageOf(request);
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean usesClientAddress() {
    return false;
  }

  @Override
  public boolean withholdsFromGit(String name) {
    return name.equalsIgnoreCase("Set-Cookie");
  }

  @Override
  public String probePath() {
    return HEALTH_PATH;
  }

  // Gogs responds with status 200 even if it has lost its database; only the text says so.
  @Override
  public Optional<String> problemOfProbe(String path, int status, String bodyStart) {
    if (!path.equals(HEALTH_PATH)) {
      return status < SERVER_ERROR ? Optional.empty() : Optional.of("status " + status);
    }
    if (status != OK) return Optional.of("status " + status);
    if (bodyStart.startsWith(HEALTHY)) return Optional.empty();
    return Optional.of("responds \"" + bodyStart.lines().findFirst().orElse("") + "\"");
  }

  @Override
  public boolean offersV2ByDefault() {
    return true;
  }

  @Override
  public boolean requiresUserForPushes() {
    return true;
  }

  @Override
  public Optional<String> objectionTo(Option option) {
    return switch (option) {
      case SEPARATE_STORAGE ->
          Optional.of("with separate storage is not implemented yet; use storage: shared");
      case REPLICATED_STORAGE ->
          Optional.of("cannot replicate: its repositories belong to its database; use shared");
      case DUMB_HTTP -> Optional.of("does not serve the files of repositories");
      case IDENTITY_HEADER ->
          Optional.of("ignores identity headers in requests of git; use nobody or basic");
    };
  }
}
