package packhorse.http.front;

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
import packhorse.request.UnreadableBodyException;

final class GzipBodyTest {
  @Test
  void decoding_returns_the_original_bytes() throws IOException {
    byte[] original = randomBytes(100_000);
    assertThat(decompress(compress(original))).isEqualTo(original);
  }

  @Test
  void several_members_are_decoded_as_one_body() throws IOException {
    byte[] first = randomBytes(10);
    byte[] second = randomBytes(40_000);
    assertThat(decompress(concatenate(compress(first), compress(second))))
        .isEqualTo(concatenate(first, second));
  }

  @Test
  void a_header_with_all_optional_fields_is_skipped() throws IOException {
    byte[] original = randomBytes(100);
    byte[] compressed = compress(original);
    byte[] head = {0x1f, (byte) 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 0, 1, 2};
    byte[] remainder = Arrays.copyOfRange(compressed, 10, compressed.length);
    assertThat(decompress(concatenate(head, remainder))).isEqualTo(original);
  }

  @Test
  void every_truncation_is_detected() throws IOException {
    byte[] compressed = compress(randomBytes(500));
    for (int length = 0; length < compressed.length; length++) {
      assertMalformed(Arrays.copyOf(compressed, length));
    }
  }

  @Test
  void every_flipped_bit_of_the_checksum_and_the_length_is_detected() throws IOException {
    byte[] compressed = compress(randomBytes(500));
    for (int bit = 0; bit < 64; bit++) {
      byte[] modified = compressed.clone();
      modified[compressed.length - 1 - bit / 8] ^= (byte) (1 << bit % 8);
      assertMalformed(modified);
    }
  }

  @Test
  void bytes_after_the_last_member_are_detected() throws IOException {
    assertMalformed(concatenate(compress(randomBytes(500)), new byte[] {0}));
    assertMalformed(
        concatenate(
            compress(randomBytes(500)), "GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void a_body_that_grows_absurdly_is_too_large() throws IOException {
    byte[] bomb = compress(new byte[20_000_000]);
    assertThatThrownBy(() -> decompress(bomb))
        .isInstanceOfSatisfying(
            UnreadableBodyException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.TOO_LARGE));
  }

  private static void assertMalformed(byte[] compressed) {
    assertThatThrownBy(() -> decompress(compressed))
        .isInstanceOfSatisfying(
            UnreadableBodyException.class,
            e -> assertThat(e.refusal().kind()).isEqualTo(Refusal.Kind.MALFORMED));
  }

  static byte[] compress(byte[] original) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(original);
    }
    return out.toByteArray();
  }

  private static byte[] decompress(byte[] compressed) throws IOException {
    try (var body = new GzipBody(new ByteArrayInputStream(compressed))) {
      return body.readAllBytes();
    }
  }

  private static byte[] concatenate(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
