package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdListTest {

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void is_the_list_that_it_was_made_of(long seed) {
    Random random = new Random(seed);
    int digits = random.nextBoolean() ? 40 : 64;
    List<ObjectId> ids = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      String tail = Integer.toHexString(random.nextInt(16)).repeat(digits / 2);
      ids.add(new ObjectId(Integer.toHexString(random.nextInt(3)).repeat(digits / 2) + tail));
    }
    IdList packed = IdList.copyOf(ids);
    assertThat(packed).isEqualTo(ids);
    assertThat(ids).isEqualTo(packed).hasSameHashCodeAs(packed);
    assertThat(packed.once()).isEqualTo(ids.stream().distinct().toList());
    assertThat(packed.sortedOnce())
        .isEqualTo(ids.stream().distinct().sorted(Comparator.comparing(ObjectId::hex)).toList());
  }

  @Test
  void lists_of_two_formats_are_two_lists_and_never_mixed() {
    List<ObjectId> eight =
        List.of(
            WireScript.id('1'),
            WireScript.id('1'),
            WireScript.id('1'),
            WireScript.id('1'),
            WireScript.id('1'),
            WireScript.id('1'),
            WireScript.id('1'),
            WireScript.id('1'));
    ObjectId wide = new ObjectId("1".repeat(64));
    assertThat(IdList.copyOf(eight))
        .isNotEqualTo(IdList.copyOf(List.of(wide, wide, wide, wide, wide)));
    assertThatThrownBy(() -> IdList.copyOf(List.of(wide, WireScript.id('1'))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IdList.copyOf(eight).get(8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> IdList.copyOf(eight).get(-1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
