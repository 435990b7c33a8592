package packhorse.http;

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
import packhorse.request.Refusal;

/// Listeners with and without TLS, and who may use them.
final class ListenersTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir private Path folder;
  private RawNode node;

  @BeforeEach
  void started() throws IOException {
    node = RawNode.answering(OK);
  }

  @AfterEach
  void stopped() throws IOException {
    node.close();
  }

  @ParameterizedTest
  @EnumSource(Certificates.Form.class)
  void every_form_of_key_serves_both_versions_of_http(Certificates.Form form) throws Exception {
    try (var proxy = proxy(encrypted(new Certificates(folder).of("code.test", form)))) {
      assertThat(curl("--http1.1", url(proxy))).isEqualTo("200 1.1 1");
      assertThat(curl("--http2", url(proxy))).isEqualTo("200 2 1");
    }
  }

  @Test
  void the_certificate_follows_the_name_and_the_first_is_shown_where_none_fits() throws Exception {
    var certificates = new Certificates(folder);
    HttpListener listener =
        encrypted(
            certificates.of("code.test", Certificates.Form.EC_PKCS8),
            certificates.of("lab.test", Certificates.Form.RSA_PKCS8),
            certificates.of("third.test", Certificates.Form.EC_SEC1));
    try (var proxy = proxy(listener)) {
      assertThat(shown(proxy, "lab.test")).isEqualTo("CN=lab.test");
      assertThat(shown(proxy, "third.test")).isEqualTo("CN=third.test");
      assertThat(shown(proxy, "code.test")).isEqualTo("CN=code.test");
      assertThat(shown(proxy, "other.test")).isEqualTo("CN=code.test");
      assertThat(shown(proxy, "")).isEqualTo("CN=code.test");
      // which site it is, the Host alone says
      assertThat(curl("-H", "Host: code.test", url(proxy).replace("localhost", "127.0.0.1")))
          .startsWith("200");
    }
  }

  @Test
  void a_site_whose_name_is_not_in_the_certificate_is_served_all_the_same() throws Exception {
    var certificate = new Certificates(folder).of("code.test", Certificates.Form.EC_PKCS8);
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
    var certificates = new Certificates(folder);
    HttpListener listener =
        encrypted(
            certificates.of("code.test", Certificates.Form.EC_PKCS8),
            certificates.of("localhost", Certificates.Form.EC_PKCS8));
    try (var proxy = proxy(listener)) {
      List<String> lines = curlAll("--http2", url(proxy) + "#[1-" + count + "]").lines().toList();
      assertThat(lines).hasSize(count).allMatch(line -> line.startsWith("200 2 "));
      assertThat(lines.stream().filter(line -> line.endsWith(" 1"))).hasSize(1);
    }
  }

  @Test
  void a_key_that_is_not_the_certificates_is_refused_with_its_name() throws Exception {
    var certificates = new Certificates(folder);
    Pem.Identity rsa = certificates.of("one", Certificates.Form.RSA_PKCS8);
    Pem.Identity ec = certificates.of("two", Certificates.Form.EC_PKCS8);
    Pem.Identity other = certificates.of("three", Certificates.Form.EC_PKCS8);
    for (Path wrong : List.of(ec.key(), other.certificate(), folder.resolve("missing"))) {
      assertThatThrownBy(() -> proxy(encrypted(new Pem.Identity(rsa.certificate(), wrong))).close())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong.toString());
    }
    assertThatThrownBy(
            () -> proxy(encrypted(new Pem.Identity(ec.certificate(), other.key()))).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(other.key().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET 301", "HEAD 301", "POST 308", "PUT 308"})
  void an_unencrypted_listener_can_send_everybody_to_the_encrypted_one(String row)
      throws Exception {
    String method = row.substring(0, row.indexOf(' '));
    var at = Optional.of(URI.create("https://code.test:8443"));
    var listener =
        new HttpListener(
            "http",
            TestProxy.free(),
            List.of(),
            from -> true,
            Optional.of(name -> name.equals("code.test") ? at : Optional.empty()));
    try (var proxy = proxy(listener);
        var client = new RawClient(proxy.port())) {
      client.send(
          RawClient.request(method + " " + RawClient.REFS + " HTTP/1.1", "Content-Length: 0"));
      RawClient.Answer answer = client.answer(method.equals("HEAD"));
      assertThat(answer.status()).isEqualTo(Integer.parseInt(row.substring(row.indexOf(' ') + 1)));
      assertThat(answer.values("Location"))
          .containsExactly("https://code.test:8443" + RawClient.REFS);
      assertThat(proxy.outcomes.getFirst().refusal())
          .hasValueSatisfying(no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.MOVED));
      String elsewhere = RawClient.get("/").replace("code.test", "evil.test");
      assertThat(RawClient.ask(proxy.port(), elsewhere).status()).isEqualTo(421);
      assertThat(proxy.outcomes).hasSize(2);
    }
    assertThat(node.heard()).isEmpty();
  }

  @Test
  void who_may_not_connect_is_closed_at_once() throws Exception {
    var listener =
        new HttpListener("http", TestProxy.free(), List.of(), from -> false, Optional.empty());
    try (var proxy = proxy(listener);
        var client = new RawClient(proxy.port())) {
      assertThat(client.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost: code.test\r\nX-Slow: "})
  void a_connection_that_does_not_get_to_a_request_is_closed(String begun) throws Exception {
    var settings =
        new FrontSettings(
            Duration.ofMillis(600), Duration.ofSeconds(20), Duration.ofSeconds(30), 200);
    try (var proxy = new TestProxy(TestProxy.Setting.usual().with(settings), node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(begun);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void the_head_of_a_later_request_has_no_longer_to_come() throws Exception {
    try (var proxy = new TestProxy(TestProxy.Setting.usual().with(hurried(30_000)), node.uri());
        var client = new RawClient(proxy.port())) {
      client.send(RawClient.get(RawClient.REFS));
      assertThat(client.answer().status()).isEqualTo(200);
      // who says nothing meanwhile may wait
      assertThat(client.answersWithin(Duration.ofMillis(1_500))).isFalse();
      client.send(RawClient.get(RawClient.REFS));
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(endsWhile(client, "GET / HTTP/1.1\r\nX: ", "a")).isTrue();
    }
  }

  @Test
  void pings_do_not_keep_a_connection_that_asks_nothing() throws Exception {
    try (var proxy = new TestProxy(TestProxy.Setting.usual().with(hurried(600)), node.uri());
        var client = new Http2Client(proxy.port())) {
      String[] get = {
        ":method", "GET", ":scheme", "http", ":authority", "code.test", ":path", RawClient.REFS
      };
      client.headers(1, Http2Client.END_STREAM, get);
      assertThat(client.frames(1)).anyMatch(frame -> frame.type() == Http2Client.DATA);
      assertThat(client.endsWhilePinging()).isTrue();
    }
  }

  private static FrontSettings hurried(long idleMillis) {
    return new FrontSettings(
        Duration.ofMillis(600), Duration.ofSeconds(20), Duration.ofMillis(idleMillis), 200);
  }

  private static boolean endsWhile(RawClient client, String first, String more) throws IOException {
    client.send(first);
    for (int i = 0; i < 60; i++) {
      if (client.closedWithin(Duration.ofMillis(100))) return true;
      try {
        client.send(more);
      } catch (SocketException closed) {
        return true;
      }
    }
    return false;
  }

  @Test
  void a_listener_on_all_addresses_hears_both_families() throws Exception {
    var all = new InetSocketAddress(InetAddress.getByName("::"), 0);
    try (var proxy =
        proxy(new HttpListener("http", all, List.of(), from -> true, Optional.empty()))) {
      assertThat(curl("http://127.0.0.1:" + proxy.port() + RawClient.REFS)).startsWith("200");
      assertThat(curl("http://[::1]:" + proxy.port() + RawClient.REFS)).startsWith("200");
    }
  }

  @Test
  void an_address_that_is_taken_is_said_before_anything_is_heard() throws Exception {
    try (var proxy = proxy(TestProxy.clear("http"))) {
      var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port());
      var listener = new HttpListener("again", taken, List.of(), from -> true, Optional.empty());
      assertThatThrownBy(() -> proxy(TestProxy.clear("other"), listener).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(proxy.port()));
    }
  }

  private TestProxy proxy(HttpListener... listeners) throws Exception {
    return new TestProxy(TestProxy.Setting.usual().with(listeners), node.uri());
  }

  private static HttpListener encrypted(Pem.Identity... identities) {
    return new HttpListener(
        "https", TestProxy.free(), List.of(identities), from -> true, Optional.empty());
  }

  private static String url(TestProxy proxy) {
    return "https://localhost:" + proxy.port("https") + RawClient.REFS;
  }

  private String shown(TestProxy proxy, String name) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    var factory = context.getSocketFactory();
    try (var socket =
        (SSLSocket) factory.createSocket(InetAddress.getLoopbackAddress(), proxy.port("https"))) {
      var parameters = socket.getSSLParameters();
      if (!name.isEmpty()) parameters.setServerNames(List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private String curl(String... words) throws Exception {
    return curlAll(words).strip();
  }

  private String curlAll(String... words) throws Exception {
    return curlTo("code.test", words);
  }

  private String curlTo(String site, String... words) throws Exception {
    List<String> command =
        Arrays.stream(
                new String[][] {
                  {"curl", "-sk", "--no-keepalive", "-H", "Host: " + site, "-o", "/dev/null"},
                  {"-w", "%{http_code} %{http_version} %{num_connects}\n"},
                  words
                })
            .flatMap(Arrays::stream)
            .collect(Collectors.toList());
    Process curl = new ProcessBuilder(command).start();
    String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    curl.waitFor();
    return said;
  }
}
