package packhorse.it.threats;

import java.util.List;
import java.util.Random;
import packhorse.it.kit.Seeds;

/// Random choices that can be made again: the seed is printed with whatever fails. For one thread.
final class Dice {
  private final long seed;
  private final Random random;

  private Dice(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /// One for each seed that this test tries.
  static List<Dice> of(Class<?> test) {
    return Seeds.of(test).stream().map(Dice::new).toList();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  <T> T of(List<T> some) {
    return some.get(below(some.size()));
  }

  char of(String letters) {
    return letters.charAt(below(letters.length()));
  }

  /// A text of at most so many letters.
  String text(String letters, int most) {
    var text = new StringBuilder();
    for (int n = below(most + 1); n > 0; n--) text.append(of(letters));
    return text.toString();
  }

  /// The text with some letters put in, taken out or replaced.
  String mutated(String text, String letters, int most) {
    var mutated = new StringBuilder(text);
    for (int n = 1 + below(most); n > 0; n--) {
      int at = below(mutated.length() + 1);
      switch (below(3)) {
        case 0 -> mutated.insert(at, of(letters));
        case 1 -> mutated.delete(at, Math.min(mutated.length(), at + 1));
        default -> mutated.replace(at, Math.min(mutated.length(), at + 1), "" + of(letters));
      }
    }
    return mutated.toString();
  }

  /// The word in letters of either case, with some of its hyphens as underscores.
  String spelt(String word) {
    var spelt = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean flip = coin();
      char other = c == '-' ? '_' : Character.isUpperCase(c) ? lower(c) : upper(c);
      spelt.append(flip ? other : c);
    }
    return spelt.toString();
  }

  private static char lower(char c) {
    return Character.toLowerCase(c);
  }

  private static char upper(char c) {
    return Character.toUpperCase(c);
  }

  @Override
  public String toString() {
    return "packhorse.seed=" + seed;
  }
}
