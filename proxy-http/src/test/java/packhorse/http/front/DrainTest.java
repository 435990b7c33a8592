package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestProxy;

/// Draining and closing the front.
final class DrainTest {
  private static final String FILE = "/acme/app.git/objects/info/packs";
  private static final String BODY = "x".repeat(100_000);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch resume = new CountDownLatch(1);

  @Test
  void active_requests_finish_and_idle_connections_are_closed() throws Exception {
    try (var node = new RawNode(this::respondSlowly);
        var proxy = TestProxy.inFrontOf(node.uri());
        var idle = new RawClient(proxy.port());
        var active = new RawClient(proxy.port())) {
      idle.send(RawClient.get("/metrics"));
      assertThat(idle.readResponse().status()).isEqualTo(404);
      active.send(RawClient.get(FILE));
      assertThat(requested.await(10, TimeUnit.SECONDS)).isTrue();
      Thread drain = startDrain(proxy, Duration.ofSeconds(30));
      // The idle connection is closed while the other one is being served.
      assertThat(idle.isClosed()).isTrue();
      resume.countDown();
      RawClient.Response response = active.readResponse();
      assertThat(response.complete()).isTrue();
      assertThat(response.text()).isEqualTo(BODY);
      assertThat(active.isClosed()).isTrue();
      assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void a_client_between_two_requests_is_served_to_the_end() throws Exception {
    try (var node = new RawNode(this::respondSlowly);
        var proxy = TestProxy.inFrontOf(node.uri());
        var idle = new RawClient(proxy.port());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get(FILE));
      assertThat(requested.await(10, TimeUnit.SECONDS)).isTrue();
      Thread drain = startDrain(proxy, Duration.ofSeconds(30));
      assertThat(idle.isClosed()).isTrue();
      resume.countDown();
      for (int i = 0; i < 3; i++) {
        RawClient.Response response = client.readResponse();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isTrue();
        if (i < 2) client.send(RawClient.get(FILE));
      }
      assertThat(client.isClosed()).isTrue();
      assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void an_idle_front_stops_at_once() throws Exception {
    try (var node = new RawNode(this::respondSlowly);
        var proxy = TestProxy.inFrontOf(node.uri());
        var idle = new RawClient(proxy.port())) {
      idle.send(RawClient.get("/metrics"));
      assertThat(idle.readResponse().status()).isEqualTo(404);
      long start = System.nanoTime();
      proxy.front.drain(Duration.ofSeconds(30));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
  }

  @Test
  void requests_that_still_run_when_the_time_is_up_are_aborted() throws Exception {
    try (var node = new RawNode(this::respondSlowly);
        var proxy = TestProxy.inFrontOf(node.uri());
        var active = new RawClient(proxy.port())) {
      active.send(RawClient.get(FILE));
      assertThat(requested.await(10, TimeUnit.SECONDS)).isTrue();
      proxy.front.drain(Duration.ofMillis(200));
      proxy.front.close();
      assertThat(active.readResponse().complete()).isFalse();
      resume.countDown();
    }
  }

  @Test
  void an_aborted_response_that_ends_with_its_connection_ends_in_a_reset() throws Exception {
    try (var node = new RawNode(this::respondSlowlyInChunks);
        var proxy = TestProxy.inFrontOf(node.uri());
        var active = new RawClient(proxy.port())) {
      active.send(RawClient.request("GET " + FILE + " HTTP/1.0"));
      assertThat(active.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
      proxy.front.close();
      assertThatThrownBy(active::readToEnd).isInstanceOf(SocketException.class);
      resume.countDown();
    }
  }

  @Test
  void closing_ends_a_waiting_drain() throws Exception {
    try (var node = new RawNode(this::respondSlowly);
        var proxy = TestProxy.inFrontOf(node.uri());
        var active = new RawClient(proxy.port())) {
      active.send(RawClient.get(FILE));
      assertThat(requested.await(10, TimeUnit.SECONDS)).isTrue();
      Thread drain = startDrain(proxy, Duration.ofMinutes(10));
      proxy.front.close();
      assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
      resume.countDown();
    }
  }

  private static Thread startDrain(TestProxy proxy, Duration timeout) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            proxy.front.drain(timeout);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private boolean respondSlowly(RawNode.ReceivedRequest request, InputStream in, OutputStream out)
      throws IOException {
    RawNode.readBody(request, in);
    respondSlowly(out, "Content-Length: " + BODY.length() + "\r\n\r\n");
    return true;
  }

  private boolean respondSlowlyInChunks(
      RawNode.ReceivedRequest request, InputStream in, OutputStream out) throws IOException {
    respondSlowly(out, "Transfer-Encoding: chunked\r\n\r\n186a0\r\n");
    return false;
  }

  private void respondSlowly(OutputStream out, String framing) throws IOException {
    String head = "HTTP/1.1 200 OK\r\n" + framing;
    out.write((head + BODY.substring(0, 50_000)).getBytes(StandardCharsets.US_ASCII));
    out.flush();
    requested.countDown();
    try {
      assertThat(resume.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    out.write(BODY.substring(50_000).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
