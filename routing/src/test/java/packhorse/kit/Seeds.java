package packhorse.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.TestInfo;

/// The seeds of generated tests. They are the same in every build, so that a build cannot fail for
/// code that did not change: the seeds of `corpus/routing.txt` and, for tests that make one input
/// from each seed, a range of seeds.
///
/// Two system properties replace them: `packhorse.seed` is a single seed, to replay a case;
/// `packhorse.first` is the start of a range, with which `it/search` runs new seeds.
public final class Seeds {
  private static final String CORPUS = "/corpus/routing.txt";
  private static final int DEFAULT_COUNT = 300;
  private static final int THOROUGH_COUNT = 20_000;

  private Seeds() {}

  /// The seeds of a test that makes many inputs from each.
  public static List<Long> of(Class<?> test) {
    Long one = Long.getLong("packhorse.seed", Long.getLong("packhorse.first"));
    return one == null ? corpus(test) : List.of(one);
  }

  /// The seeds of a test that makes one input from each; a method source.
  public static LongStream all(TestInfo test) {
    Long one = Long.getLong("packhorse.seed");
    if (one != null) return LongStream.of(one);
    Long first = Long.getLong("packhorse.first");
    if (first != null) return LongStream.range(first, first + DEFAULT_COUNT);
    long count = Boolean.getBoolean("packhorse.thorough") ? THOROUGH_COUNT : DEFAULT_COUNT;
    LongStream corpus = corpus(test.getTestClass().orElseThrow()).stream().mapToLong(seed -> seed);
    return LongStream.concat(corpus.filter(seed -> seed >= count), LongStream.range(0, count));
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
