package packhorse.http.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import packhorse.backend.Backends;
import packhorse.http.io.HttpBufferPool;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestCertificates;
import packhorse.http.kit.TestProxy;
import packhorse.http.tls.Pem;
import packhorse.node.Node;
import packhorse.node.NodeFailure;

/// TLS trust, URLs and health probes of nodes.
final class NodeLinksTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private Path folder;

  @Test
  void a_node_whose_certificate_the_pools_authority_signed_is_trusted() throws Exception {
    Pem.ServerCertificate certificate =
        new TestCertificates(folder).selfSigned("127.0.0.1", TestCertificates.KeyFormat.EC_PKCS8);
    HttpsServer node = startHttpsServer(certificate);
    try {
      probe(urlOf(node, "127.0.0.1"), Optional.of(certificate.chain()), Optional.empty());
    } finally {
      node.stop(0);
    }
  }

  @Test
  void a_node_with_another_name_or_another_authority_is_not_trusted() throws Exception {
    var certificates = new TestCertificates(folder);
    Pem.ServerCertificate certificate =
        certificates.selfSigned("127.0.0.1", TestCertificates.KeyFormat.EC_PKCS8);
    Pem.ServerCertificate otherCertificate =
        certificates.selfSigned("other.test", TestCertificates.KeyFormat.EC_PKCS8);
    HttpsServer node = startHttpsServer(certificate);
    try {
      URI uri = urlOf(node, "127.0.0.1");
      assertNotTrusted(uri, Optional.of(otherCertificate.chain()));
      assertNotTrusted(uri, Optional.empty());
      assertNotTrusted(urlOf(node, "localhost"), Optional.of(certificate.chain()));
    } finally {
      node.stop(0);
    }
  }

  private static void assertNotTrusted(URI uri, Optional<Path> authority) {
    assertThatThrownBy(() -> probe(uri, authority, Optional.empty()))
        .isInstanceOfSatisfying(
            NodeFailure.class, failure -> assertThat(failure.requestSent()).isFalse())
        .hasMessageContaining("TLS failed");
  }

  @Test
  void the_path_of_a_nodes_url_is_prefixed_to_every_target() throws Exception {
    try (var node = RawNode.respondingWith(OK);
        var proxy = TestProxy.inFrontOf(URI.create(node.uri() + "/git/"))) {
      RawClient.exchange(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(node.requests().getFirst().requestLine())
          .isEqualTo("GET /git" + RawClient.REFS + " HTTP/1.1");
    }
  }

  @Test
  void a_node_is_healthy_with_a_status_below_500_and_a_canary_only_with_200() throws Exception {
    String notFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
    try (var node = RawNode.respondingWith(notFound)) {
      probe(node.uri(), Optional.empty(), Optional.empty());
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.of("acme/canary")))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("canary: status 404");
      assertThat(node.requests().getLast().requestLine())
          .isEqualTo("GET /acme/canary.git/info/refs?service=git-upload-pack HTTP/1.1");
    }
    try (var node = RawNode.respondingWith("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n")) {
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.empty()))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("status 500");
    }
  }

  @Test
  void a_canary_without_a_list_of_refs_is_not_healthy() throws Exception {
    for (String list : List.of("", "001e# service=git-upload-pack\n0000")) {
      String ok = "HTTP/1.1 200 OK\r\nContent-Length: " + list.length() + "\r\n\r\n" + list;
      try (var node = RawNode.respondingWith(ok)) {
        assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.of("acme/canary")))
            .isInstanceOf(NodeFailure.class)
            .hasMessageContaining("canary: no list of refs");
      }
    }
    String emptyRepository = "001e# service=git-upload-pack\n00000000";
    String ok = "HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n" + emptyRepository;
    try (var node = RawNode.respondingWith(ok)) {
      probe(node.uri(), Optional.empty(), Optional.of("acme/canary"));
    }
  }

  @Test
  void a_silent_node_is_not_healthy() throws Exception {
    try (var node = new RawNode((request, in, out) -> in.read() >= 0)) {
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.empty()))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("silent");
    }
  }

  @Test
  @Timeout(30)
  void a_node_whose_response_never_ends_is_not_healthy() throws Exception {
    try (var node =
        new RawNode((request, in, out) -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write('.');
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
          }
        })) {
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.empty()))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("timeout");
    }
  }

  private static void probe(URI uri, Optional<Path> authority, Optional<String> canary)
      throws NodeFailure {
    var timeouts = new NodeTimeouts(TIMEOUT, TIMEOUT, TIMEOUT, TIMEOUT);
    var target =
        new HttpHealthProbe.ProbeTarget(
            "/",
            (status, body) -> Backends.PLAIN.problemOfProbe("/", status, body),
            canary,
            Duration.ofSeconds(4));
    try (var clients =
        new NodeClients(Map.of("pool", authority), timeouts, new HttpBufferPool(64L << 20))) {
      new HttpHealthProbe(clients, pool -> target).probe(new Node("node-1", "pool", uri, 1));
    }
  }

  private static URI urlOf(HttpsServer node, String name) {
    return URI.create("https://" + name + ":" + node.getAddress().getPort());
  }

  private static HttpsServer startHttpsServer(Pem.ServerCertificate certificate) throws Exception {
    KeyStore keys = Pem.keyStore(List.of(certificate));
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, Pem.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", NodeLinksTest::respondOk);
    server.start();
    return server;
  }

  private static void respondOk(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 2);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write("ok".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
