package packhorse.wire;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects the capability words of one request, each once, and no more than any client has.
final class Words {

  private final Set<String> words = new LinkedHashSet<>();
  private int bytes;

  /// @throws WireException.TooLarge for more words than [Limits] allow
  void add(String word) throws WireException {
    if (words.add(word)) {
      bytes += word.length() + 1;
    }
    if (words.size() > Limits.CAPABILITIES || bytes > Limits.CAPABILITY_BYTES) {
      throw new WireException.TooLarge(
          "more than "
              + Limits.CAPABILITIES
              + " capabilities or "
              + Limits.CAPABILITY_BYTES
              + " bytes of them");
    }
  }

  /// Adds the words between white space.
  void addAll(String text) throws WireException {
    for (String word : Capabilities.parse(text).words()) {
      add(word);
    }
  }

  Capabilities capabilities() {
    return new Capabilities(List.copyOf(words));
  }

  /// Adds a word to a list of words that we do not know: of very many the first ones say enough.
  static void addUnknown(List<String> unknown, String word) {
    if (unknown.size() < Limits.UNKNOWN_WORDS) {
      unknown.add(word);
    }
  }
}
