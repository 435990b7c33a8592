package packhorse.wire;

import java.util.Optional;

/// What a request says about its object format.
final class Formats {

  private Formats() {}

  /// The format that the capability `object-format` names, where it is there.
  static Optional<ObjectFormat> announced(Capabilities capabilities) throws WireException {
    Optional<String> word = capabilities.value("object-format");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        ObjectFormat.of(word.get())
            .orElseThrow(
                () -> new WireException("unknown object format " + WireText.quoted(word.get()))));
  }
}
