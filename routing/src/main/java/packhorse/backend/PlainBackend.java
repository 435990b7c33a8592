package packhorse.backend;

import java.util.Optional;
import java.util.Set;
import packhorse.placement.Backend;
import packhorse.placement.RepositoryName;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.WebPath;
import packhorse.request.WebRequest;

/// Any software that serves git's smart protocol over HTTP, such as `git http-backend` behind a web
/// server. Nothing else is assumed of it.
record PlainBackend() implements Backend {
  private static final Set<String> REF_FOLDERS = Set.of("refs", "logs");
  private static final ClosedPaths CLOSED = ClosedPaths.ofAny();
  private static final int SERVER_ERROR = 500;

  @Override
  public String kind() {
    return "plain";
  }

  @Override
  public RepositoryName nameOf(RepositoryPath path) {
    return new RepositoryName(path.name(), path.mainRepository(), false);
  }

  @Override
  public Optional<String> problemOf(RepositoryPath path) {
    return Optional.empty();
  }

  @Override
  public Page pageOf(WebRequest request, boolean servesFiles) throws RefusalException {
    WebPath path = request.path();
    CLOSED.check(path);
    if (ClosedPaths.HOOK_CALL.matcher(path.lowerCase()).matches()) {
      throw new RefusalException(Refusal.nodeSetting("a hook of a node calls the proxy"));
    }
    if (path.namesGit() && !(servesFiles && isUnambiguousFile(request))) {
      throw new RefusalException(refusalOfGit(request));
    }
    String name = path.decoded().substring(1);
    return new Page(
        name.isEmpty() ? Optional.empty() : Optional.of(RepositoryName.leadingPartOf(name)), true);
  }

  // Every file is served then, of whichever repository above it. A ref or a log can have the name
  // of
  // a file of the dumb protocol, so that the file could belong to another repository further up.
  private static boolean isUnambiguousFile(WebRequest request) {
    WebPath path = request.path();
    boolean ambiguous =
        path.namesDumbFile() && path.segments().stream().anyMatch(REF_FOLDERS::contains);
    return request.isGetOrHead() && !path.namesService() && !ambiguous;
  }

  // Which requests such a node takes for git's is not known, so none of them is a page.
  private static Refusal refusalOfGit(WebRequest request) {
    if (request.path().namesService() && request.file().isEmpty()) {
      return Refusal.malformed("the path names a service of git, but this is not a request of git");
    }
    boolean unnamed = request.file().filter(file -> file.file().isEmpty()).isPresent();
    return Refusal.notServed(
        unnamed
            ? "the path names no repository"
            : "only git's smart protocol is served here, and this is a plain file");
  }

  @Override
  public boolean usesClientAddress() {
    return true;
  }

  @Override
  public boolean withholdsFromGit(String name) {
    return false;
  }

  @Override
  public String probePath() {
    return "/";
  }

  @Override
  public Optional<String> problemOfProbe(String path, int status, String bodyStart) {
    return status < SERVER_ERROR ? Optional.empty() : Optional.of("status " + status);
  }

  @Override
  public boolean offersV2ByDefault() {
    return false;
  }

  @Override
  public boolean requiresUserForPushes() {
    return false;
  }

  @Override
  public Optional<String> objectionTo(Option option) {
    return Optional.empty();
  }
}
