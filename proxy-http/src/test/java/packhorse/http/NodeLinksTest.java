package packhorse.http;

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
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import packhorse.node.Node;
import packhorse.node.NodeFailure;

/// How nodes are reached, known and probed.
final class NodeLinksTest {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private Path folder;

  @Test
  void a_node_whose_certificate_the_pools_authority_signed_is_believed() throws Exception {
    Pem.Identity identity = new Certificates(folder).of("127.0.0.1", Certificates.Form.EC_PKCS8);
    HttpsServer node = encrypted(identity);
    try {
      probe(uri(node, "127.0.0.1"), Optional.of(identity.certificate()), Optional.empty());
    } finally {
      node.stop(0);
    }
  }

  @Test
  void a_node_with_another_name_or_another_authority_is_not_believed() throws Exception {
    var certificates = new Certificates(folder);
    Pem.Identity identity = certificates.of("127.0.0.1", Certificates.Form.EC_PKCS8);
    Pem.Identity other = certificates.of("other.test", Certificates.Form.EC_PKCS8);
    HttpsServer node = encrypted(identity);
    try {
      URI at = uri(node, "127.0.0.1");
      assertUnbelieved(at, Optional.of(other.certificate()));
      assertUnbelieved(at, Optional.empty());
      assertUnbelieved(uri(node, "localhost"), Optional.of(identity.certificate()));
    } finally {
      node.stop(0);
    }
  }

  private static void assertUnbelieved(URI at, Optional<Path> authority) {
    assertThatThrownBy(() -> probe(at, authority, Optional.empty()))
        .isInstanceOfSatisfying(NodeFailure.class, failure -> assertThat(failure.sent()).isFalse())
        .hasMessageContaining("TLS failed");
  }

  @Test
  void the_path_of_a_nodes_address_goes_before_every_target() throws Exception {
    try (var node = RawNode.answering(OK);
        var proxy = TestProxy.before(URI.create(node.uri() + "/git/"))) {
      RawClient.ask(proxy.port(), RawClient.get(RawClient.REFS));
      assertThat(node.heard().getFirst().line())
          .isEqualTo("GET /git" + RawClient.REFS + " HTTP/1.1");
    }
  }

  @Test
  void a_node_is_well_below_500_and_with_a_canary_only_when_it_is_served() throws Exception {
    String none = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
    try (var node = RawNode.answering(none)) {
      probe(node.uri(), Optional.empty(), Optional.empty());
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.of("acme/canary")))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("canary: status 404");
      assertThat(node.heard().getLast().line())
          .isEqualTo("GET /acme/canary.git/info/refs?service=git-upload-pack HTTP/1.1");
    }
    try (var node = RawNode.answering("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n")) {
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.empty()))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("status 500");
    }
  }

  @Test
  void a_silent_node_is_not_well() throws Exception {
    try (var node = new RawNode((request, in, out) -> in.read() >= 0)) {
      assertThatThrownBy(() -> probe(node.uri(), Optional.empty(), Optional.empty()))
          .isInstanceOf(NodeFailure.class)
          .hasMessageContaining("silent");
    }
  }

  private static void probe(URI at, Optional<Path> authority, Optional<String> canary)
      throws NodeFailure {
    var patience = new NodeTimeouts(SHORT, SHORT, SHORT);
    var target = new HttpProbe.Target("/", canary, Duration.ofMillis(800));
    try (var clients = new NodeClients(Map.of("pool", authority), patience, new Buffers())) {
      new HttpProbe(clients, pool -> target).probe(new Node("node-1", "pool", at, 1));
    }
  }

  private static URI uri(HttpsServer node, String name) {
    return URI.create("https://" + name + ":" + node.getAddress().getPort());
  }

  private static HttpsServer encrypted(Pem.Identity identity) throws Exception {
    KeyStore keys = Pem.identities(List.of(identity));
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, Pem.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", NodeLinksTest::ok);
    server.start();
    return server;
  }

  private static void ok(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 2);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write("ok".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
