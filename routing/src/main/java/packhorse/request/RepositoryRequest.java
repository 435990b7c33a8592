package packhorse.request;

/// A request whose URL or command names exactly one repository, whatever the nodes run.
public sealed interface RepositoryRequest extends Request permits GitRequest, LfsRequest {
  RepositoryPath repository();

  @Override
  default String name() {
    return repository().name();
  }
}
