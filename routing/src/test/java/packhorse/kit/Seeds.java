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

/// The seeds of generated tests. They are the same in every build, which must not fail for what was
/// not changed: those that `corpus/routing.txt` keeps, and for tests that take one input from each
/// seed a range of them.
///
/// Two properties take their place: `packhorse.seed` is one seed, to replay a case;
/// `packhorse.first` is the first of a range, which is how `it/search` tries new ones.
public final class Seeds {
  private static final String CORPUS = "/corpus/routing.txt";
  private static final int ORDINARY = 300;
  private static final int THOROUGH = 20_000;

  private Seeds() {}

  /// The seeds for a test that makes many inputs of each.
  public static List<Long> of(Class<?> test) {
    Long one = Long.getLong("packhorse.seed", Long.getLong("packhorse.first"));
    return one == null ? kept(test) : List.of(one);
  }

  /// The seeds for a test that makes one input of each: the source of a parameterised test.
  public static LongStream all(TestInfo test) {
    Long one = Long.getLong("packhorse.seed");
    if (one != null) return LongStream.of(one);
    Long first = Long.getLong("packhorse.first");
    if (first != null) return LongStream.range(first, first + ORDINARY);
    long count = Boolean.getBoolean("packhorse.thorough") ? THOROUGH : ORDINARY;
    LongStream more = kept(test.getTestClass().orElseThrow()).stream().mapToLong(seed -> seed);
    return LongStream.concat(more.filter(seed -> seed >= count), LongStream.range(0, count));
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
