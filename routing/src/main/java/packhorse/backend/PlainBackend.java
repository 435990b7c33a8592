package packhorse.backend;

import java.util.Optional;
import packhorse.placement.Backend;
import packhorse.placement.RepositoryName;
import packhorse.request.RepositoryPath;

/// Any software that serves git's smart protocol over HTTP, such as `git http-backend` behind a web
/// server. Nothing else is assumed of it.
record PlainBackend() implements Backend {
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
