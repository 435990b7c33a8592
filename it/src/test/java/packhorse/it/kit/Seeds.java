package packhorse.it.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/// The seeds of generated tests. They are the same in every build, which must not fail for what was
/// not changed: those that `corpus/it.txt` keeps, and in the thorough profile more.
///
/// Two properties take their place: `packhorse.seed` is one seed, to replay a case;
/// `packhorse.first` is the first of a range, which is how `it/search` tries new ones.
public final class Seeds {
  private static final String CORPUS = "/corpus/it.txt";

  /// Behind all that are kept as the first ones of every build.
  private static final long MORE = 1_000;

  private Seeds() {}

  /// The seeds for a test that makes many inputs of each.
  public static List<Long> of(Class<?> test) {
    return of(test, 1, 0);
  }

  /// The seeds for a test that makes one input, or few, of each.
  ///
  /// @param searched how many `it/search` tries at a time
  /// @param more how many the thorough profile tries besides those that are kept
  public static List<Long> of(Class<?> test, int searched, int more) {
    Long one = Long.getLong("packhorse.seed");
    if (one != null) return List.of(one);
    Long first = Long.getLong("packhorse.first");
    if (first != null) return range(first, searched);
    List<Long> seeds = new ArrayList<>();
    if (!Sizes.onlyLarger() || more == 0) seeds.addAll(kept(test));
    if (Sizes.thorough()) seeds.addAll(range(MORE, more));
    return seeds;
  }

  private static List<Long> range(long first, int count) {
    return LongStream.range(first, first + count).boxed().toList();
  }

  private static List<Long> kept(Class<?> test) {
    List<Long> seeds = new ArrayList<>();
    try (InputStream in = Objects.requireNonNull(Seeds.class.getResourceAsStream(CORPUS))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        String[] words = line.split(" +", 3);
        if (words[0].equals(test.getSimpleName())) seeds.add(Long.parseLong(words[1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seeds;
  }
}
