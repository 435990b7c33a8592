package packhorse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Stopping the front.
final class DrainTest {
  private static final String FILE = "/acme/app.git/objects/info/packs";
  private static final String BODY = "x".repeat(100_000);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @Test
  void what_runs_is_finished_and_idle_connections_are_closed() throws Exception {
    try (var node = new RawNode(this::slowly);
        var proxy = TestProxy.before(node.uri());
        var idle = new RawClient(proxy.port());
        var running = new RawClient(proxy.port())) {
      idle.send(RawClient.get("/"));
      assertThat(idle.answer().status()).isEqualTo(404);
      running.send(RawClient.get(FILE));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      Thread draining = draining(proxy, Duration.ofSeconds(30));
      // the idle connection is closed while the other one is served
      assertThat(idle.closed()).isTrue();
      goOn.countDown();
      RawClient.Answer answer = running.answer();
      assertThat(answer.whole()).isTrue();
      assertThat(answer.text()).isEqualTo(BODY);
      assertThat(running.closed()).isTrue();
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void a_client_that_is_between_two_requests_is_served_to_the_end() throws Exception {
    try (var node = new RawNode(this::slowly);
        var proxy = TestProxy.before(node.uri());
        var late = new RawClient(proxy.port());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get(FILE));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      Thread draining = draining(proxy, Duration.ofSeconds(30));
      assertThat(late.closed()).isTrue();
      goOn.countDown();
      for (int i = 0; i < 3; i++) {
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        if (i < 2) client.send(RawClient.get(FILE));
      }
      assertThat(client.closed()).isTrue();
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void an_idle_front_stops_at_once() throws Exception {
    try (var node = new RawNode(this::slowly);
        var proxy = TestProxy.before(node.uri());
        var idle = new RawClient(proxy.port())) {
      idle.send(RawClient.get("/"));
      assertThat(idle.answer().status()).isEqualTo(404);
      long begun = System.nanoTime();
      proxy.front.drain(Duration.ofSeconds(30));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void what_still_runs_when_the_time_is_up_is_cut_off() throws Exception {
    try (var node = new RawNode(this::slowly);
        var proxy = TestProxy.before(node.uri());
        var running = new RawClient(proxy.port())) {
      running.send(RawClient.get(FILE));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      proxy.front.drain(Duration.ofMillis(200));
      proxy.front.close();
      assertThat(running.answer().whole()).isFalse();
      goOn.countDown();
    }
  }

  @Test
  void closing_ends_a_drain_that_waits() throws Exception {
    try (var node = new RawNode(this::slowly);
        var proxy = TestProxy.before(node.uri());
        var running = new RawClient(proxy.port())) {
      running.send(RawClient.get(FILE));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      Thread draining = draining(proxy, Duration.ofMinutes(10));
      proxy.front.close();
      assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
      goOn.countDown();
    }
  }

  private static Thread draining(TestProxy proxy, Duration time) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            proxy.front.drain(time);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private boolean slowly(RawNode.Heard request, InputStream in, OutputStream out)
      throws IOException {
    RawNode.body(request, in);
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + BODY.length() + "\r\n\r\n";
    out.write((head + BODY.substring(0, 50_000)).getBytes(StandardCharsets.US_ASCII));
    out.flush();
    asked.countDown();
    try {
      assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.write(BODY.substring(50_000).getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return true;
  }
}
