package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.memory.MemoryPlan;

/// Creating, parsing and checking hashes of passwords and tokens.
class HashesTest {
  /// A test vector of Argon2's reference implementation.
  private static final String KNOWN =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

  @Test
  void a_hash_that_another_program_made_is_accepted() {
    assertThat(PasswordHash.verify(KNOWN, "password")).isTrue();
    assertThat(PasswordHash.verify(KNOWN, "passwore")).isFalse();
    assertThat(PasswordHash.parse(KNOWN).encoded()).isEqualTo(KNOWN);
  }

  @Test
  void a_new_hash_matches_its_password_and_has_a_new_salt() {
    SecureRandom random = new SecureRandom();
    PasswordHash hash = PasswordHash.of("p:w\u00e4+", random);
    assertThat(PasswordHash.verify(hash.encoded(), "p:w\u00e4+")).isTrue();
    assertThat(hash.verify("p:wa+")).isFalse();
    assertThat(PasswordHash.of("p:w\u00e4+", random)).isNotEqualTo(hash);
    assertThat(hash.toString()).doesNotContain("argon2");
  }

  @Test
  void the_dummy_hash_needs_as_much_memory_as_a_new_one_and_does_not_match() {
    assertThat(PasswordHash.parse(PasswordHash.dummy()).memoryKib()).isEqualTo(19 * 1024);
    assertThat(PasswordHash.verify(PasswordHash.dummy(), "")).isFalse();
  }

  @Test
  void a_hash_whose_check_takes_more_memory_than_the_plan_has_is_rejected() {
    PasswordHash foreign = PasswordHash.parse(KNOWN);
    assertThatThrownBy(() -> foreign.requireFits(planOfHeap(92)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "is a password hash whose check takes 64 MiB, but a heap of 92 MiB allows 19 MiB: give"
                + " serve a larger heap (-Xmx), or use a hash that packhorse hash prints");
    PasswordHash slightlyLarger = PasswordHash.parse(KNOWN.replace("m=65536", "m=19457"));
    assertThatThrownBy(() -> slightlyLarger.requireFits(planOfHeap(160)))
        .hasMessageContaining("takes 20 MiB");
    foreign.requireFits(planOfHeap(768));
  }

  @Test
  void a_hash_that_packhorse_made_is_accepted_on_every_heap() {
    PasswordHash own = PasswordHash.parse(PasswordHash.dummy());
    for (long heapMib : new long[] {88, 159, 160, 1024}) own.requireFits(planOfHeap(heapMib));
  }

  private static MemoryPlan planOfHeap(long mib) {
    return new MemoryPlan(mib << 20, mib << 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "password",
        "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=8,t=2,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ1x$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void an_invalid_hash_is_rejected_with_a_message_that_does_not_repeat_it(String text) {
    assertThatThrownBy(() -> PasswordHash.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .satisfies(m -> assertThat(m).startsWith("is ").doesNotContain("c29t", "$"));
    assertThat(PasswordHash.verify(text, "password")).isFalse();
  }

  @Test
  void a_token_matches_only_its_own_hash() {
    String encoded = TokenHash.of("pht_x").encoded();
    assertThat(encoded).matches("sha256:[0-9a-f]{64}");
    assertThat(TokenHash.verify(encoded, "pht_x")).isTrue();
    assertThat(TokenHash.verify(encoded, "pht_y")).isFalse();
    assertThat(TokenHash.verify("", "pht_x")).isFalse();
    assertThat(TokenHash.parse(encoded)).isEqualTo(TokenHash.of("pht_x"));
    assertThatThrownBy(() -> TokenHash.parse("sha256:00"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
