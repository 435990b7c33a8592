package packhorse.wire;

import java.util.Optional;

/// The git services that a client may ask for: a closed set, spelt exactly. Anything else never
/// reaches a node as a service.
public enum Service {
  UPLOAD_PACK("git-upload-pack"),
  RECEIVE_PACK("git-receive-pack"),
  UPLOAD_ARCHIVE("git-upload-archive");

  private final String word;

  Service(String word) {
    this.word = word;
  }

  /// The service of exactly this name, byte for byte and in lower case.
  public static Optional<Service> of(String word) {
    for (Service service : values()) {
      if (service.word.equals(word)) {
        return Optional.of(service);
      }
    }
    return Optional.empty();
  }

  /// As git spells it: `git-upload-pack`.
  public String word() {
    return word;
  }
}
