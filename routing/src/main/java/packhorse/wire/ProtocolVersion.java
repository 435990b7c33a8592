package packhorse.wire;

import java.util.Optional;

/// The version of git's protocol that a client asks for.
public enum ProtocolVersion {
  V0,
  V1,
  V2;

  private static final int LONGEST_VALUE = 256;

  /// What a `Git-Protocol` header or a `GIT_PROTOCOL` variable asks for: of all `version=` keys the
  /// highest that is known, as git reads it. Other keys are ignored; a value longer than 256 bytes
  /// counts as none.
  public static ProtocolVersion parse(String value) {
    if (value.length() > LONGEST_VALUE) {
      return V0;
    }
    ProtocolVersion highest = V0;
    for (String key : value.split(":", -1)) {
      ProtocolVersion named =
          switch (key) {
            case "version=1" -> V1;
            case "version=2" -> V2;
            default -> V0;
          };
      highest = named.compareTo(highest) > 0 ? named : highest;
    }
    return highest;
  }

  /// The value to send on, made anew: absent for v0.
  public Optional<String> headerValue() {
    return switch (this) {
      case V0 -> Optional.empty();
      case V1 -> Optional.of("version=1");
      case V2 -> Optional.of("version=2");
    };
  }
}
