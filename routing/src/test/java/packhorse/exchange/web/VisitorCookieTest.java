package packhorse.exchange.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import packhorse.kit.RequestFixture;
import packhorse.placement.Placement;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.KeyedHash;
import packhorse.request.RefusalException;

final class VisitorCookieTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  // The name of the pool is main.
  private static final String NAME = "__Host-packhorse-1h1frdw";

  private Instant now = START;
  private Placement placement = RequestFixture.fetch().placement();

  @BeforeEach
  void placeOnThreeNodes() throws RefusalException {
    placement =
        RequestFixture.fetch().nodes("a", "b", "c").placement(RequestFixture.page("GET", "/"));
  }

  private VisitorCookie cookie(String... keys) {
    List<KeyedHash> hashes =
        List.of(keys).stream()
            .map(key -> new KeyedHash(key.getBytes(StandardCharsets.UTF_8)))
            .toList();
    return new VisitorCookie(hashes, (InstantSource) () -> now);
  }

  @Test
  void a_visitor_comes_back_to_the_node_of_the_cookie() {
    for (String node : List.of("a", "b", "c")) {
      String line = cookie("key").value(node, placement);
      assertThat(line)
          .startsWith(NAME + "=")
          .endsWith("; Path=/; HttpOnly; SameSite=Lax; Secure")
          .doesNotContain("=" + node);
      assertThat(cookie("key").nodeOf(sent(line), placement)).contains(node);
    }
  }

  @Test
  void proxies_that_share_a_key_accept_the_cookies_of_each_other() {
    String old = cookie("old").value("b", placement);
    assertThat(cookie("new", "old").nodeOf(sent(old), placement)).contains("b");
    assertThat(cookie("new").nodeOf(sent(old), placement)).isEmpty();
    assertThat(cookie("new", "old").value("b", placement))
        .isEqualTo(cookie("new").value("b", placement));
  }

  @Test
  void a_cookie_that_is_not_valid_is_ignored() {
    String valid = sentCookie(cookie("key").value("b", placement));
    for (String other :
        List.of(
            NAME + "=",
            NAME + "=b",
            NAME + "=.",
            NAME + "=" + "x".repeat(20_000),
            NAME + "=zzzzzzzzzzzzzz." + "0".repeat(32),
            NAME + "=-1." + "0".repeat(32),
            valid.substring(0, valid.length() - 1) + "!",
            valid + "0",
            valid.replaceFirst("=.", "=z"),
            valid.replaceFirst("__Host-", ""))) {
      assertThat(cookie("key").nodeOf(cookies(other), placement)).as(other).isEmpty();
    }
    // An attacker cannot keep a visitor from having a valid one.
    assertThat(cookie("key").nodeOf(cookies(NAME + "=x; " + valid), placement)).contains("b");
  }

  @Test
  void a_cookie_is_worn_out_after_ninety_days() {
    Headers sent = sent(cookie("key").value("b", placement));
    now = START.plus(Duration.ofDays(90));
    assertThat(cookie("key").nodeOf(sent, placement)).contains("b");
    now = START.plus(Duration.ofDays(91));
    assertThat(cookie("key").nodeOf(sent, placement)).isEmpty();
    now = START.minus(Duration.ofDays(2));
    assertThat(cookie("key").nodeOf(sent, placement)).isEmpty();
  }

  private static Headers sent(String setCookie) {
    return cookies("x=1; " + sentCookie(setCookie));
  }

  private static String sentCookie(String setCookie) {
    return setCookie.substring(0, setCookie.indexOf(';'));
  }

  private static Headers cookies(String line) {
    return new Headers(List.of(new Header("Cookie", line)));
  }

  @Test
  void over_http_the_cookie_has_no_attribute_that_a_browser_would_drop() {
    Placement http = RequestFixture.fetch().siteUrl("http://code.test").placement();
    assertThat(cookie("key").value("a", http))
        .startsWith(NAME.replaceFirst("__Host-", "") + "=")
        .doesNotContain("Secure");
  }
}
