package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import packhorse.request.Refusal;
import packhorse.request.UnreadableBody;

final class GzipBodyTest {
  @Test
  void what_was_packed_comes_out() throws IOException {
    byte[] plain = random(100_000);
    assertThat(unpacked(packed(plain))).isEqualTo(plain);
  }

  @Test
  void several_members_are_one_body() throws IOException {
    byte[] first = random(10);
    byte[] second = random(40_000);
    assertThat(unpacked(joined(packed(first), packed(second)))).isEqualTo(joined(first, second));
  }

  @Test
  void a_header_with_all_its_optional_parts_is_passed_over() throws IOException {
    byte[] plain = random(100);
    byte[] packed = packed(plain);
    byte[] head = {0x1f, (byte) 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 0, 1, 2};
    byte[] rest = Arrays.copyOfRange(packed, 10, packed.length);
    assertThat(unpacked(joined(head, rest))).isEqualTo(plain);
  }

  @Test
  void every_truncation_is_told() throws IOException {
    byte[] packed = packed(random(500));
    for (int length = 0; length < packed.length; length++) {
      assertBroken(Arrays.copyOf(packed, length));
    }
  }

  @Test
  void every_flipped_bit_of_the_checksum_and_the_length_is_told() throws IOException {
    byte[] packed = packed(random(500));
    for (int bit = 0; bit < 64; bit++) {
      byte[] wrong = packed.clone();
      wrong[packed.length - 1 - bit / 8] ^= (byte) (1 << bit % 8);
      assertBroken(wrong);
    }
  }

  @Test
  void anything_behind_the_last_member_is_told() throws IOException {
    assertBroken(joined(packed(random(500)), new byte[] {0}));
    assertBroken(joined(packed(random(500)), "GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void a_body_that_grows_absurdly_is_too_large() throws IOException {
    byte[] bomb = packed(new byte[20_000_000]);
    assertThatThrownBy(() -> unpacked(bomb))
        .isInstanceOfSatisfying(
            UnreadableBody.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.TOO_LARGE));
  }

  private static void assertBroken(byte[] packed) {
    assertThatThrownBy(() -> unpacked(packed))
        .isInstanceOfSatisfying(
            UnreadableBody.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED));
  }

  static byte[] packed(byte[] plain) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] unpacked(byte[] packed) throws IOException {
    try (var body = new GzipBody(new ByteArrayInputStream(packed))) {
      return body.readAllBytes();
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
