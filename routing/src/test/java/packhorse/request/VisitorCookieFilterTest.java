package packhorse.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VisitorCookieFilterTest {
  @Test
  void a_node_is_not_sent_the_cookies_and_others_stay_as_they_are() {
    Headers headers =
        new Headers(
            List.of(
                new Header("Cookie", "a=1;  b=\"2\";c"),
                new Header("Accept", "*/*"),
                new Header("cookie", "__Host-packhorse-x=1"),
                new Header("Cookie", "d=4; packhorse-y=1;e=5; __Host-packhorse-z=x")));
    assertThat(VisitorCookieFilter.without(headers).lines())
        .containsExactly(
            new Header("Cookie", "a=1; b=\"2\"; c"),
            new Header("Accept", "*/*"),
            new Header("Cookie", "d=4; e=5"));
    Headers others = new Headers(List.of(new Header("Cookie", "a=1;;  b=2 ;packhorse=3")));
    assertThat(VisitorCookieFilter.without(others)).isSameAs(others);
  }
}
