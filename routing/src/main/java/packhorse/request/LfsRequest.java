package packhorse.request;

import java.util.Locale;
import java.util.Optional;
import packhorse.wire.ByteString;

/// A request of Git LFS, the client that git starts for large files (the "Git LFS API" and "File
/// locking API" of its documentation).
///
/// @param file the decoded path below the repository, without a leading slash, such as
///   `info/lfs/objects/batch`
/// @param query the query of the URL as received, without its question mark, if there is one
/// @param batch the body of a batch, which was read to know what it wants to do; empty for any
///   other call
public record LfsRequest(
    Arrival arrival,
    Optional<String> authority,
    Credential credential,
    RepositoryPath repository,
    String method,
    Call call,
    String file,
    Optional<String> query,
    Optional<ByteString> batch,
    Headers headers)
    implements RepositoryRequest {
  /// What a request of Git LFS wants.
  public enum Call {
    /// The links of some objects; its body says whether to download or to upload them.
    BATCH,
    DOWNLOAD_BATCH,
    UPLOAD_BATCH,
    DOWNLOAD,
    UPLOAD,
    /// To have an upload verified.
    VERIFY,
    LIST_LOCKS,
    /// To lock or unlock a file, or to compare the locks before a push.
    CHANGE_LOCKS;

    /// The name of the call in audit records.
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public Operation operation() {
    return switch (call) {
      case DOWNLOAD_BATCH, DOWNLOAD, LIST_LOCKS -> Operation.READ;
      case BATCH, UPLOAD_BATCH, UPLOAD, VERIFY, CHANGE_LOCKS -> Operation.WRITE;
    };
  }

  /// The request of a batch whose body has been read.
  public LfsRequest withBatch(Call newCall, ByteString body) {
    return new LfsRequest(
        arrival,
        authority,
        credential,
        repository,
        method,
        newCall,
        file,
        query,
        Optional.of(body),
        headers);
  }
}
