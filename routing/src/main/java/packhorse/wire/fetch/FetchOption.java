package packhorse.wire.fetch;

import java.util.Optional;

/// An option of a fetch that is a single keyword: a capability in v0, an argument in v2. Except
/// where noted, both versions have it, under the same keyword.
public enum FetchOption {
  THIN_PACK("thin-pack"),
  OFS_DELTA("ofs-delta"),
  INCLUDE_TAG("include-tag"),
  NO_PROGRESS("no-progress"),
  /// Only in v2: the node sends acknowledgments, but no pack, until the client sends `done`.
  WAIT_FOR_DONE("wait-for-done");

  private final String keyword;

  FetchOption(String keyword) {
    this.keyword = keyword;
  }

  static Optional<FetchOption> of(String keyword) {
    for (FetchOption option : values()) {
      if (option.keyword.equals(keyword)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  public String keyword() {
    return keyword;
  }
}
