package packhorse.config.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the word that a misspelt word was probably meant to be.
public final class Suggestion {
  private Suggestion() {}

  /// Returns the candidate with the smallest distance to the word; empty if that is more than a
  /// third of the word's length, and more than one. The distance is the number of letters that are
  /// missing, added, changed or swapped with their neighbour (optimal string alignment). A
  /// candidate that equals the word is not suggested.
  public static Optional<String> closest(String word, Collection<String> candidates) {
    int maxDistance = Math.max(1, word.length() / 3);
    return candidates.stream()
        .filter(c -> !c.equals(word) && distance(word, c) <= maxDistance)
        .min(
            Comparator.<String>comparingInt(c -> distance(word, c))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
