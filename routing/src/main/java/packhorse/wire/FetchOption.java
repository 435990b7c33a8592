package packhorse.wire;

import java.util.Optional;

/// What a fetch may say, in one word, about the pack and its making. The words are the same in
/// every protocol version.
public enum FetchOption {
  THIN_PACK("thin-pack"),
  OFS_DELTA("ofs-delta"),
  INCLUDE_TAG("include-tag"),
  NO_PROGRESS("no-progress"),
  /// v2 only: acknowledgments, but no pack, until the client says `done`.
  WAIT_FOR_DONE("wait-for-done");

  private final String word;

  FetchOption(String word) {
    this.word = word;
  }

  static Optional<FetchOption> of(String word) {
    for (FetchOption option : values()) {
      if (option.word.equals(word)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  public String word() {
    return word;
  }
}
