package packhorse.http.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.connector.FrontSettings;
import packhorse.http.connector.HttpListener;
import packhorse.http.kit.AcceptAllTrustManager;
import packhorse.http.kit.RawClient;
import packhorse.http.kit.RawHttp2Client;
import packhorse.http.kit.RawNode;
import packhorse.http.kit.TestCertificates;
import packhorse.http.kit.TestProxy;
import packhorse.http.tls.Pem;
import packhorse.request.Refusal;

/// Listeners with and without TLS, and the limits of their connections.
final class ListenersTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private Path folder;
  private RawNode node;

  @BeforeEach
  void start() throws IOException {
    node = RawNode.respondingWith(OK);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @ParameterizedTest
  @EnumSource(TestCertificates.KeyFormat.class)
  void every_key_format_serves_both_versions_of_http(TestCertificates.KeyFormat format)
      throws Exception {
    try (var proxy =
        proxy(encrypted(new TestCertificates(folder).selfSigned("code.test", format)))) {
      assertThat(curl("--http1.1", url(proxy))).isEqualTo("200 1.1 1");
      assertThat(curl("--http2", url(proxy))).isEqualTo("200 2 1");
    }
  }

  @Test
  void the_certificate_is_selected_by_server_name_and_the_first_is_the_default() throws Exception {
    var certificates = new TestCertificates(folder);
    HttpListener listener =
        encrypted(
            certificates.selfSigned("code.test", TestCertificates.KeyFormat.EC_PKCS8),
            certificates.selfSigned("lab.test", TestCertificates.KeyFormat.RSA_PKCS8),
            certificates.selfSigned("third.test", TestCertificates.KeyFormat.EC_SEC1));
    try (var proxy = proxy(listener)) {
      assertThat(certificateShownTo(proxy, "lab.test")).isEqualTo("CN=lab.test");
      assertThat(certificateShownTo(proxy, "third.test")).isEqualTo("CN=third.test");
      assertThat(certificateShownTo(proxy, "code.test")).isEqualTo("CN=code.test");
      assertThat(certificateShownTo(proxy, "other.test")).isEqualTo("CN=code.test");
      assertThat(certificateShownTo(proxy, "")).isEqualTo("CN=code.test");
      // Only the Host header determines the site.
      assertThat(curl("-H", "Host: code.test", url(proxy).replace("localhost", "127.0.0.1")))
          .startsWith("200");
    }
  }

  @Test
  void a_site_whose_name_is_not_in_the_certificate_is_served() throws Exception {
    var certificate =
        new TestCertificates(folder).selfSigned("code.test", TestCertificates.KeyFormat.EC_PKCS8);
    try (var proxy = proxy(encrypted(certificate))) {
      for (String version : List.of("--http1.1", "--http2")) {
        assertThat(curlTo("lab.test:8443", version, url(proxy))).startsWith("200");
      }
    }
  }

  @Tag("counted")
  @Test
  void a_poller_keeps_one_connection_for_thousands_of_requests() throws Exception {
    int count = Boolean.getBoolean("packhorse.thorough") ? 2_500 : 1_200;
    var certificates = new TestCertificates(folder);
    HttpListener listener =
        encrypted(
            certificates.selfSigned("code.test", TestCertificates.KeyFormat.EC_PKCS8),
            certificates.selfSigned("localhost", TestCertificates.KeyFormat.EC_PKCS8));
    try (var proxy = proxy(listener)) {
      List<String> lines = curlAll("--http2", url(proxy) + "#[1-" + count + "]").lines().toList();
      assertThat(lines).hasSize(count).allMatch(line -> line.startsWith("200 2 "));
      assertThat(lines.stream().filter(line -> line.endsWith(" 1"))).hasSize(1);
    }
  }

  @Test
  void a_key_that_does_not_match_the_certificate_is_reported_by_its_file_name() throws Exception {
    var certificates = new TestCertificates(folder);
    Pem.ServerCertificate rsa =
        certificates.selfSigned("one", TestCertificates.KeyFormat.RSA_PKCS8);
    Pem.ServerCertificate ec = certificates.selfSigned("two", TestCertificates.KeyFormat.EC_PKCS8);
    Pem.ServerCertificate otherEc =
        certificates.selfSigned("three", TestCertificates.KeyFormat.EC_PKCS8);
    for (Path wrongFile : List.of(ec.key(), otherEc.chain(), folder.resolve("missing"))) {
      assertThatThrownBy(
              () -> proxy(encrypted(new Pem.ServerCertificate(rsa.chain(), wrongFile))).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrongFile.toString());
    }
    assertThatThrownBy(
            () -> proxy(encrypted(new Pem.ServerCertificate(ec.chain(), otherEc.key()))).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(otherEc.key().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET 301", "HEAD 301", "POST 308", "PUT 308"})
  void an_unencrypted_listener_can_redirect_to_https(String methodAndStatus) throws Exception {
    String method = methodAndStatus.split(" ", 2)[0];
    int status = Integer.parseInt(methodAndStatus.split(" ", 2)[1]);
    var httpsUrl = Optional.of(URI.create("https://code.test:8443"));
    var listener =
        new HttpListener(
            "http",
            TestProxy.freePort(),
            List.of(),
            from -> true,
            Optional.of(name -> name.equals("code.test") ? httpsUrl : Optional.empty()));
    try (var proxy = proxy(listener);
        var client = new RawClient(proxy.port())) {
      client.send(
          RawClient.request(method + " " + RawClient.REFS + " HTTP/1.1", "Content-Length: 0"));
      RawClient.Response response = client.readResponse(method.equals("HEAD"));
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.values("Location"))
          .containsExactly("https://code.test:8443" + RawClient.REFS);
      assertThat(proxy.outcomes.getFirst().refusal())
          .hasValueSatisfying(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MOVED));
      String elsewhere = RawClient.get("/").replace("code.test", "evil.test");
      assertThat(RawClient.exchange(proxy.port(), elsewhere).status()).isEqualTo(421);
      assertThat(proxy.outcomes).hasSize(2);
    }
    assertThat(node.requests()).isEmpty();
  }

  @Test
  void a_connection_from_a_forbidden_address_is_closed_at_once() throws Exception {
    var listener =
        new HttpListener("http", TestProxy.freePort(), List.of(), from -> false, Optional.empty());
    try (var proxy = proxy(listener);
        var client = new RawClient(proxy.port())) {
      assertThat(client.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost: code.test\r\nX-Slow: "})
  void a_connection_without_a_complete_request_head_is_closed(String partialHead) throws Exception {
    var settings =
        new FrontSettings(
            Duration.ofMillis(600), Duration.ofSeconds(20), Duration.ofSeconds(30), 200);
    try (var proxy = new TestProxy(TestProxy.Options.defaults().with(settings), node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(partialHead);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void the_head_of_a_later_request_has_the_same_time_limit() throws Exception {
    try (var proxy =
            new TestProxy(TestProxy.Options.defaults().with(shortTimeouts(30_000)), node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get(RawClient.REFS));
      assertThat(client.readResponse().status()).isEqualTo(200);
      // A client that sends nothing in between is not limited.
      assertThat(client.receivesWithin(Duration.ofMillis(1_500))).isFalse();
      client.send(RawClient.get(RawClient.REFS));
      assertThat(client.readResponse().status()).isEqualTo(200);
      assertThat(isClosedWhileSending(client, "GET / HTTP/1.1\r\nX: ", "a")).isTrue();
    }
  }

  @Test
  void pings_do_not_keep_a_connection_without_requests_open() throws Exception {
    try (var proxy =
            new TestProxy(TestProxy.Options.defaults().with(shortTimeouts(600)), node.uri());
        var client = new RawHttp2Client(proxy.port())) {
      String[] get = {
        ":method", "GET", ":scheme", "http", ":authority", "code.test", ":path", RawClient.REFS
      };
      client.sendHeaders(1, RawHttp2Client.END_STREAM, get);
      assertThat(client.readFrames(1)).anyMatch(frame -> frame.type() == RawHttp2Client.DATA);
      assertThat(client.isClosedWhilePinging()).isTrue();
    }
  }

  private static FrontSettings shortTimeouts(long idleMillis) {
    return new FrontSettings(
        Duration.ofMillis(600), Duration.ofSeconds(20), Duration.ofMillis(idleMillis), 200);
  }

  private static boolean isClosedWhileSending(RawClient client, String first, String next)
      throws IOException {
    client.send(first);
    for (int i = 0; i < 60; i++) {
      if (client.isClosedWithin(Duration.ofMillis(100))) return true;
      try {
        client.send(next);
      } catch (SocketException closed) {
        return true;
      }
    }
    return false;
  }

  @Test
  void a_listener_on_all_addresses_accepts_both_address_families() throws Exception {
    var all = new InetSocketAddress(InetAddress.getByName("::"), 0);
    try (var proxy =
        proxy(new HttpListener("http", all, List.of(), from -> true, Optional.empty()))) {
      assertThat(curl("http://127.0.0.1:" + proxy.port() + RawClient.REFS)).startsWith("200");
      assertThat(curl("http://[::1]:" + proxy.port() + RawClient.REFS)).startsWith("200");
    }
  }

  @Test
  void an_address_in_use_is_reported_before_any_listener_serves() throws Exception {
    try (var proxy = proxy(TestProxy.plainListener("http"))) {
      var occupied = new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
      var listener =
          new HttpListener("second", occupied, List.of(), from -> true, Optional.empty());
      assertThatThrownBy(() -> proxy(TestProxy.plainListener("other"), listener).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(proxy.port()));
    }
  }

  private TestProxy proxy(HttpListener... listeners) throws Exception {
    return new TestProxy(TestProxy.Options.defaults().with(listeners), node.uri());
  }

  private static HttpListener encrypted(Pem.ServerCertificate... identities) {
    return new HttpListener(
        "https", TestProxy.freePort(), List.of(identities), from -> true, Optional.empty());
  }

  private static String url(TestProxy proxy) {
    return "https://localhost:" + proxy.port("https") + RawClient.REFS;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_client_that_offers_no_known_protocol_gets_an_alert(String version) throws Exception {
    var certificate =
        new TestCertificates(folder).selfSigned("code.test", TestCertificates.KeyFormat.EC_PKCS8);
    try (var proxy = proxy(encrypted(certificate));
        SSLSocket socket = tlsSocket(proxy)) {
      var parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {version});
      parameters.setApplicationProtocols(new String[] {"unknown"});
      socket.setSSLParameters(parameters);
      assertThatThrownBy(socket::startHandshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("no_application_protocol");
    }
  }

  private static SSLSocket tlsSocket(TestProxy proxy) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new AcceptAllTrustManager()}, null);
    return (SSLSocket)
        context
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), proxy.port("https"));
  }

  private static String certificateShownTo(TestProxy proxy, String name) throws Exception {
    try (SSLSocket socket = tlsSocket(proxy)) {
      var parameters = socket.getSSLParameters();
      if (!name.isEmpty()) parameters.setServerNames(List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private String curl(String... arguments) throws Exception {
    return curlAll(arguments).strip();
  }

  private String curlAll(String... arguments) throws Exception {
    return curlTo("code.test", arguments);
  }

  private String curlTo(String site, String... arguments) throws Exception {
    List<String> command =
        Arrays.stream(
                new String[][] {
                  {"curl", "-sk", "--no-keepalive", "-H", "Host: " + site, "-o", "/dev/null"},
                  {"-w", "%{http_code} %{http_version} %{num_connects}\n"},
                  arguments
                })
            .flatMap(Arrays::stream)
            .collect(Collectors.toList());
    Process curl = new ProcessBuilder(command).start();
    String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    curl.waitFor();
    return output;
  }
}
