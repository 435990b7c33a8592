package packhorse.wire;

import java.util.Optional;

/// The git services that a client may request. The set is closed and names are compared exactly, so
/// that nothing else reaches a node as a service.
public enum GitService {
  UPLOAD_PACK("git-upload-pack"),
  RECEIVE_PACK("git-receive-pack"),
  UPLOAD_ARCHIVE("git-upload-archive");

  private final String serviceName;

  GitService(String serviceName) {
    this.serviceName = serviceName;
  }

  /// The service of exactly this name, compared byte for byte; empty for any other spelling.
  public static Optional<GitService> of(String serviceName) {
    for (GitService service : values()) {
      if (service.serviceName.equals(serviceName)) {
        return Optional.of(service);
      }
    }
    return Optional.empty();
  }

  /// The name as git spells it, such as `git-upload-pack`.
  public String serviceName() {
    return serviceName;
  }
}
