package packhorse.it.kit.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/// Provides the seeds of generated tests. They are the same in every build, so that a build fails
/// only for what was changed: the seeds in `corpus/it.txt`, and more in the profile `thorough`.
///
/// Two system properties replace them: `packhorse.seed` is a single seed, to repeat a case;
/// `packhorse.first` is the first of a range, which `it/search` uses to try new seeds.
public final class Seeds {
  private static final String CORPUS = "/corpus/it.txt";

  /// The first additional seed of the profile `thorough`.
  private static final long FIRST_ADDITIONAL = 1_000;

  private Seeds() {}

  /// Returns the seeds of a test that generates many inputs from each seed.
  public static List<Long> forTest(Class<?> test) {
    return forTest(test, 1, 0);
  }

  /// Returns the seeds of a test that generates one input, or few, from each seed.
  ///
  /// @param searched how many seeds `it/search` tries in one run of the test
  /// @param additional how many seeds the profile `thorough` tries besides those of the corpus
  public static List<Long> forTest(Class<?> test, int searched, int additional) {
    Long one = Long.getLong("packhorse.seed");
    if (one != null) return List.of(one);
    Long first = Long.getLong("packhorse.first");
    if (first != null) return range(first, searched);
    List<Long> seeds = new ArrayList<>();
    if (!TestProfile.skipsOrdinaryCases() || additional == 0) seeds.addAll(corpus(test));
    if (TestProfile.isThorough()) seeds.addAll(range(FIRST_ADDITIONAL, additional));
    return seeds;
  }

  private static List<Long> range(long first, int count) {
    return LongStream.range(first, first + count).boxed().toList();
  }

  private static List<Long> corpus(Class<?> test) {
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
