package packhorse.it.threats;

import java.util.List;
import java.util.Random;
import packhorse.it.kit.junit.Seeds;

/// Random choices that can be repeated: a test prints [#toString()] with each failure. For one
/// thread.
final class SeededRandom {
  private final long seed;
  private final Random random;

  private SeededRandom(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /// Returns one for each seed of a test.
  static List<SeededRandom> forTest(Class<?> test) {
    return Seeds.forTest(test).stream().map(SeededRandom::new).toList();
  }

  int nextInt(int bound) {
    return random.nextInt(bound);
  }

  boolean nextBoolean() {
    return random.nextBoolean();
  }

  <T> T pick(List<T> values) {
    return values.get(nextInt(values.size()));
  }

  char pick(String alphabet) {
    return alphabet.charAt(nextInt(alphabet.length()));
  }

  /// Returns a random text of at most `maxLength` letters.
  String text(String alphabet, int maxLength) {
    var text = new StringBuilder();
    for (int n = nextInt(maxLength + 1); n > 0; n--) text.append(pick(alphabet));
    return text.toString();
  }

  /// Returns a text with some letters inserted, deleted or replaced.
  String mutate(String text, String alphabet, int maxChanges) {
    var result = new StringBuilder(text);
    for (int n = 1 + nextInt(maxChanges); n > 0; n--) {
      int index = nextInt(result.length() + 1);
      switch (nextInt(3)) {
        case 0 -> result.insert(index, pick(alphabet));
        case 1 -> result.delete(index, Math.min(result.length(), index + 1));
        default -> result.replace(index, Math.min(result.length(), index + 1), "" + pick(alphabet));
      }
    }
    return result.toString();
  }

  /// Returns a word with random case, and with some of its hyphens replaced by underscores.
  String varySpelling(String word) {
    var result = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean flip = nextBoolean();
      char varied = c == '-' ? '_' : Character.isUpperCase(c) ? toLowerCase(c) : toUpperCase(c);
      result.append(flip ? varied : c);
    }
    return result.toString();
  }

  private static char toLowerCase(char c) {
    return Character.toLowerCase(c);
  }

  private static char toUpperCase(char c) {
    return Character.toUpperCase(c);
  }

  @Override
  public String toString() {
    return "packhorse.seed=" + seed;
  }
}
