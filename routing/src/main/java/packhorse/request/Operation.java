package packhorse.request;

import packhorse.wire.GitService;

/// The operation that a request performs on a repository, which policy rules allow or deny.
public enum Operation {
  READ,
  WRITE,
  ARCHIVE;

  /// Returns the operation that requests to a git service perform.
  public static Operation of(GitService service) {
    return switch (service) {
      case UPLOAD_PACK -> READ;
      case RECEIVE_PACK -> WRITE;
      case UPLOAD_ARCHIVE -> ARCHIVE;
    };
  }

  /// Returns the name of the operation in the configuration, audit records and meters.
  public String label() {
    return switch (this) {
      case READ -> "read";
      case WRITE -> "write";
      case ARCHIVE -> "archive";
    };
  }
}
