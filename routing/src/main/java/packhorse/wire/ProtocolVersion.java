package packhorse.wire;

import java.util.Optional;

/// The version of git's protocol that a client requests.
public enum ProtocolVersion {
  V0,
  V1,
  V2;

  private static final int MAX_VALUE_LENGTH = 256;

  /// The version that a `Git-Protocol` header field or a `GIT_PROTOCOL` variable requests: as in
  /// git, the highest known version of all its `version=` keys. Other keys are ignored, and so is a
  /// value that is longer than 256 bytes.
  public static ProtocolVersion parse(String value) {
    if (value.length() > MAX_VALUE_LENGTH) {
      return V0;
    }
    ProtocolVersion highest = V0;
    for (String key : value.split(":", -1)) {
      ProtocolVersion version =
          switch (key) {
            case "version=1" -> V1;
            case "version=2" -> V2;
            default -> V0;
          };
      highest = version.compareTo(highest) > 0 ? version : highest;
    }
    return highest;
  }

  /// The value that requests this version of a node; empty for v0, which needs no header field.
  public Optional<String> headerValue() {
    return switch (this) {
      case V0 -> Optional.empty();
      case V1 -> Optional.of("version=1");
      case V2 -> Optional.of("version=2");
    };
  }
}
