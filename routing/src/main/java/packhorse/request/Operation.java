package packhorse.request;

import packhorse.wire.Service;

/// What a request does to a repository; the word that policy rules use.
public enum Operation {
  READ,
  WRITE,
  ARCHIVE;

  /// The operation that a git service is.
  public static Operation of(Service service) {
    return switch (service) {
      case UPLOAD_PACK -> READ;
      case RECEIVE_PACK -> WRITE;
      case UPLOAD_ARCHIVE -> ARCHIVE;
    };
  }

  /// The word of the configuration, the audit and the meters.
  public String word() {
    return switch (this) {
      case READ -> "read";
      case WRITE -> "write";
      case ARCHIVE -> "archive";
    };
  }
}
