package packhorse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import packhorse.kit.FakeTicker;
import packhorse.request.Refusal.Kind;
import packhorse.request.RefusalException;

/// What `limits.logins` holds up, and what it does not.
final class FailedLoginLimitTest {
  private static final InetAddress ATTACKER = InetAddress.ofLiteral("192.0.2.66");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.7");
  private static final InetAddress EXEMPT = InetAddress.ofLiteral("192.0.2.1");

  /// A hash with the cheapest parameters that are allowed.
  private static final PasswordHash STORED =
      PasswordHash.parse("$argon2id$v=19$m=8,t=1,p=1$" + "A".repeat(22) + "$" + "A".repeat(43));

  private final FakeTicker ticker = new FakeTicker();
  private final FailedLoginLimit limit =
      new FailedLoginLimit(3, Duration.ofMinutes(1), EXEMPT::equals, ticker::getAsLong);
  private final AtomicInteger checks = new AtomicInteger();
  private final PasswordVerifier verifier =
      new PasswordVerifier(
          limit,
          (stored, password) -> {
            checks.incrementAndGet();
            return password.equals("right");
          });

  @Test
  void after_the_limit_no_password_is_checked_until_the_period_ends() {
    for (int i = 0; i < 3; i++) assertThat(verify(ATTACKER, "wrong " + i)).isEqualTo("wrong");
    ticker.advance(Duration.ofSeconds(59));
    assertThat(verify(ATTACKER, "wrong again")).isEqualTo("held up");
    assertThat(verify(ATTACKER, "right")).isEqualTo("held up");
    assertThat(checks).hasValue(3);
    assertThat(verify(OTHER, "right")).isEqualTo("right");
    ticker.advance(Duration.ofSeconds(2));
    assertThat(verify(ATTACKER, "wrong at last")).isEqualTo("wrong");
  }

  @Test
  void a_remembered_result_is_not_held_up() {
    assertThat(verify(ATTACKER, "right")).isEqualTo("right");
    for (int i = 0; i < 3; i++) assertThat(verify(ATTACKER, "wrong " + i)).isEqualTo("wrong");
    assertThat(verify(ATTACKER, "right")).isEqualTo("right");
    assertThat(checks).hasValue(4);
  }

  @Test
  void the_same_wrong_password_counts_once() {
    for (int i = 0; i < 10; i++) assertThat(verify(ATTACKER, "wrong")).isEqualTo("wrong");
    assertThat(verify(ATTACKER, "right")).isEqualTo("right");
  }

  @Test
  void an_exempt_address_has_no_limit_and_an_ipv6_network_has_one_together() {
    for (int i = 0; i < 10; i++) assertThat(verify(EXEMPT, "wrong " + i)).isEqualTo("wrong");
    for (int i = 0; i < 3; i++) {
      limit.recordFailure(InetAddress.ofLiteral("2001:db8::" + (i + 1)));
    }
    assertThat(verify(InetAddress.ofLiteral("2001:db8::ffff"), "right")).isEqualTo("held up");
    assertThat(verify(InetAddress.ofLiteral("2001:db8:0:1::1"), "right")).isEqualTo("right");
  }

  private String verify(InetAddress client, String password) {
    try {
      return verifier.verify(client, "alice", password, STORED) ? "right" : "wrong";
    } catch (RefusalException e) {
      assertThat(e.refusal().kind()).isEqualTo(Kind.TOO_MANY_FAILURES);
      return "held up";
    }
  }
}
