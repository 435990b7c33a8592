package packhorse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

public class PackEndDetectorTest {

  @ParameterizedTest
  @EnumSource
  void a_pack_without_objects_is_complete_with_the_last_byte_of_its_trailer(ObjectFormat format) {
    byte[] pack = pack(format, new byte[] {'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, 0});
    PackEndDetector end = new PackEndDetector(format);
    for (int i = 0; i < pack.length; i++) {
      assertThat(end.complete()).isFalse();
      end.update(pack, i, 1);
    }
    assertThat(end.complete()).isTrue();
    assertThat(end.complete()).as("asking changes nothing").isTrue();
    assertThat(end.byteCount()).isEqualTo(pack.length);
    end.update(pack, 0, 1);
    assertThat(end.complete()).as("a byte more").isFalse();
  }

  @Tag("counted")
  @Tag("generated")
  @ParameterizedTest
  @MethodSource("packhorse.kit.Seeds#all")
  void a_pack_is_complete_however_it_is_divided(long seed) {
    Random random = new Random(seed);
    ObjectFormat format = random.nextBoolean() ? ObjectFormat.SHA1 : ObjectFormat.SHA256;
    byte[] body = new byte[12 + random.nextInt(500)];
    random.nextBytes(body);
    byte[] pack = pack(format, body);
    PackEndDetector end = new PackEndDetector(format);
    for (int at = 0; at < pack.length; ) {
      assertThat(end.complete()).isFalse();
      int size = Math.min(pack.length - at, random.nextInt(1, 80));
      end.update(pack, at, size);
      at += size;
    }
    assertThat(end.complete()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void a_trailer_alone_is_not_a_pack(ObjectFormat format) {
    byte[] trailer = pack(format, new byte[0]);
    PackEndDetector end = new PackEndDetector(format);
    end.update(trailer, 0, trailer.length);
    assertThat(end.complete()).isFalse();
  }

  public static byte[] pack(ObjectFormat format, byte[] body) {
    ByteArrayOutputStream pack = new ByteArrayOutputStream();
    pack.writeBytes(body);
    pack.writeBytes(format.newDigest().digest(body));
    return pack.toByteArray();
  }
}
