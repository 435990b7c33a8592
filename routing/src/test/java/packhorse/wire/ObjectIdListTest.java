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

class ObjectIdListTest {

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void a_packed_list_equals_the_list_it_was_copied_from(long seed) {
    Random random = new Random(seed);
    int digits = random.nextBoolean() ? 40 : 64;
    List<ObjectId> ids = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      String tail = Integer.toHexString(random.nextInt(16)).repeat(digits / 2);
      ids.add(new ObjectId(Integer.toHexString(random.nextInt(3)).repeat(digits / 2) + tail));
    }
    ObjectIdList packed = ObjectIdList.copyOf(ids);
    assertThat(packed).isEqualTo(ids);
    assertThat(ids).isEqualTo(packed).hasSameHashCodeAs(packed);
    assertThat(packed.distinct()).isEqualTo(ids.stream().distinct().toList());
    assertThat(packed.sortedDistinct())
        .isEqualTo(ids.stream().distinct().sorted(Comparator.comparing(ObjectId::hex)).toList());
  }

  @Test
  void a_list_has_ids_of_one_object_format_only() {
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
    assertThat(ObjectIdList.copyOf(eight))
        .isNotEqualTo(ObjectIdList.copyOf(List.of(wide, wide, wide, wide, wide)));
    assertThatThrownBy(() -> ObjectIdList.copyOf(List.of(wide, WireScript.id('1'))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ObjectIdList.copyOf(eight).get(8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ObjectIdList.copyOf(eight).get(-1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
