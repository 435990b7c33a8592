package packhorse.exchange.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.RequestFixture;
import packhorse.node.NodeRequest;
import packhorse.placement.Pool;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Front;
import packhorse.request.GitRequest.Step;
import packhorse.request.Headers;
import packhorse.request.WebRequest.RepositoryFile;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;

/// Requests to nodes are composed from the parsed request and not copied (`docs/threats.md`).
final class NodeRequestFactoryTest {
  private static final Credential BASIC =
      new Credential.Basic("al@ex.org", "p:wä+", "Basic YWxAZXgub3JnOnA6d8OkKw==");

  private static NodeRequestFactory factory(NodeIdentity identity) {
    return new NodeRequestFactory(Map.of("main", identity));
  }

  private static NodeRequest advertisement(RequestFixture fixture, NodeIdentity identity) {
    var request = fixture.step(Step.ADVERTISEMENT);
    return factory(identity)
        .advertisement(request.permit(), GitService.UPLOAD_PACK, ProtocolVersion.V2);
  }

  private static Headers headersToNode(RequestFixture fixture) {
    return advertisement(fixture, new NodeIdentity.Nobody()).headers();
  }

  @ParameterizedTest
  @CsvSource({
    "acme/app, /acme/app/info/refs?service=git-upload-pack",
    "/acme/app.git/, /acme/app.git/info/refs?service=git-upload-pack",
    "g++.git, /g++.git/info/refs?service=git-upload-pack",
    "+source/q.git, /+source/q.git/info/refs?service=git-upload-pack",
    "~al/x.git, /~al/x.git/info/refs?service=git-upload-pack",
    "with space.git, /with%20space.git/info/refs?service=git-upload-pack",
    ".github.git, /.github.git/info/refs?service=git-upload-pack",
    "bücher, /b%C3%BCcher/info/refs?service=git-upload-pack",
    "a@b=c, /a@b=c/info/refs?service=git-upload-pack"
  })
  void the_request_line_is_built_from_the_parsed_path(String path, String target) {
    assertThat(
            advertisement(RequestFixture.fetch().repository(path), new NodeIdentity.Nobody())
                .target())
        .isEqualTo(target);
  }

  @Test
  void a_service_request_has_its_own_content_type_and_no_query() {
    RequestFixture fixture =
        RequestFixture.push().headers("Content-Type: text/plain", "Content-Type: x/y");
    NodeRequest request =
        factory(new NodeIdentity.Nobody())
            .serviceRequest(
                fixture.permit(),
                GitService.RECEIVE_PACK,
                ProtocolVersion.V0,
                new NodeRequest.BufferedBody(ByteString.of("0000")));
    assertThat(request.target()).isEqualTo("/acme/app/git-receive-pack");
    assertThat(request.headers().allValues("Content-Type"))
        .containsExactly("application/x-git-receive-pack-request");
    assertThat(request.headers().allValues("Accept"))
        .containsExactly("application/x-git-receive-pack-result");
    assertThat(request.headers().allValues("Git-Protocol")).isEmpty();
  }

  @Test
  void end_to_end_headers_are_forwarded_in_their_order() {
    Headers headers =
        headersToNode(
            RequestFixture.fetch().headers("User-Agent: git/2.50", "X-Trace: 1", "X-Trace: 2"));
    assertThat(headers.firstValue("User-Agent")).contains("git/2.50");
    assertThat(headers.allValues("X-Trace")).containsExactly("1", "2");
  }

  @Test
  void forwarding_headers_are_set_by_the_proxy_only() {
    Headers headers =
        headersToNode(
            RequestFixture.fetch()
                .client("2001:db8::7", true)
                .headers("X-Forwarded-For: 10.0.0.1", "Forwarded: for=_secret", "Via: 1.1 x"));
    assertThat(headers.allValues("X-Forwarded-For")).containsExactly("2001:db8:0:0:0:0:0:7");
    assertThat(headers.allValues("X-Real-IP")).containsExactly("2001:db8:0:0:0:0:0:7");
    assertThat(headers.allValues("X-Forwarded-Host")).containsExactly("code.test");
    assertThat(headers.allValues("X-Forwarded-Proto")).containsExactly("https");
    assertThat(headers.allValues("X-Request-Id")).containsExactly("abcdefghjkmn");
    assertThat(headers.allValues("Forwarded")).isEmpty();
    assertThat(headers.allValues("Via")).isEmpty();
  }

  @Test
  void an_ipv6_address_is_forwarded_without_its_zone() throws Exception {
    byte[] local = new byte[16];
    local[0] = (byte) 0xfe;
    local[1] = (byte) 0x80;
    local[15] = 1;
    var scoped = Inet6Address.getByAddress("x", local, 3);
    var arrival = new Arrival("x", Instant.EPOCH, "l", Front.HTTP, scoped, true);
    assertThat(arrival.clientIp()).isEqualTo("fe80:0:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-WEBAUTH-USER",
        "X-WEBAUTH-EMAIL",
        "Remote-User",
        "X-Remote-User",
        "X-Forwarded-User",
        "X-Forwarded-For",
        "X-Real-IP",
        "X-Auth-Request-User",
        "X-Gitlab-Shell",
        "Sudo",
        "Gitlab-Workhorse-Api-Request",
        "Gitlab-Shell-Api-Request",
        "Private-Token",
        "X-HTTP-Method-Override",
        "X-Gitea-Internal-Auth",
        "X-Original-URL",
        "Proxy-Authorization",
        "Transfer-Encoding",
        "Content-Length",
        "Connection",
        "TE",
        "Upgrade",
        "Expect",
        "X-Request-Id",
        "Accept-Encoding",
        "Content-Encoding",
        "Git-Protocol",
        "Authorization",
        "Host",
        "Auth-User"
      })
  void a_header_that_the_proxy_sets_is_not_accepted_from_a_client_in_any_spelling(String name) {
    for (String spelling : spellings(name)) {
      Headers forwarded =
          RequestHeaderFilter.forNode(RequestFixture.headersOf(spelling + ": root", "X-Kept: 1"));
      assertThat(forwarded.lines()).as(spelling).hasSize(1);
    }
  }

  // Twenty spellings of a name that some program treats as equal.
  private static List<String> spellings(String name) {
    List<String> all = new ArrayList<>();
    for (char separator : new char[] {'-', '_'}) {
      String base = name.replace('-', separator);
      all.add(base);
      all.add(base.toLowerCase(Locale.ROOT));
      all.add(base.toUpperCase(Locale.ROOT));
      all.add(mixedCase(base, 0));
      all.add(mixedCase(base, 1));
    }
    for (String separator : List.of(".", "~", "+", "!", "#", "$", "%", "&", "'", "*")) {
      all.add(name.indexOf('-') < 0 ? name + separator : name.replace("-", separator));
    }
    return all;
  }

  private static String mixedCase(String name, int upperCaseParity) {
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      mixed.append(i % 2 == upperCaseParity ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return mixed.toString();
  }

  @Test
  void headers_named_by_connection_are_dropped_but_not_those_that_the_proxy_sets() {
    Headers headers =
        headersToNode(
            RequestFixture.fetch()
                .credential(BASIC)
                .headers(
                    "Connection: close, X-Secret , X-WEBAUTH-USER",
                    "Connection: Authorization, Git-Protocol, X-Request-Id",
                    "X-Secret: 1"));
    assertThat(headers.firstValue("X-Secret")).isEmpty();
    assertThat(headers.allValues("Authorization"))
        .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
    assertThat(headers.allValues("Git-Protocol")).containsExactly("version=2");
    assertThat(headers.allValues("X-Request-Id")).hasSize(1);
  }

  @Test
  void a_credential_that_the_node_checks_is_forwarded_unchanged() {
    assertThat(headersToNode(RequestFixture.fetch().credential(BASIC)).allValues("Authorization"))
        .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
    assertThat(headersToNode(RequestFixture.fetch()).allValues("Authorization")).isEmpty();
  }

  @Test
  void a_credential_that_the_proxy_checked_is_not_forwarded() {
    RequestFixture checkedByProxy =
        RequestFixture.fetch()
            .authentication(Pool.Authentication.PROXY)
            .credential(BASIC)
            .user("al");
    assertThat(headersToNode(checkedByProxy).allValues("Authorization")).isEmpty();
    NodeIdentity serviceAccount = new NodeIdentity.ServiceAccount("Basic c3Zj");
    assertThat(advertisement(checkedByProxy, serviceAccount).headers().allValues("Authorization"))
        .containsExactly("Basic c3Zj");
    assertThat(serviceAccount.toString()).doesNotContain("c3Zj");
    NodeIdentity header = new NodeIdentity.IdentityHeader("Auth-Name");
    Headers named = advertisement(checkedByProxy.headers("auth-name: root"), header).headers();
    assertThat(named.allValues("Auth-Name")).containsExactly("al");
    assertThat(named.allValues("Authorization")).isEmpty();
  }

  @Test
  void an_ssh_key_counts_as_checked_by_the_proxy() {
    RequestFixture ssh =
        RequestFixture.fetch().credential(new Credential.SshKey("SHA256:x")).user("al");
    NodeIdentity header = new NodeIdentity.IdentityHeader("X-WEBAUTH-USER");
    assertThat(advertisement(ssh, header).headers().allValues("X-WEBAUTH-USER"))
        .containsExactly("al");
  }

  // The node trusts this header in every request, because the proxy sets it for SSH clients.
  @Test
  void a_client_cannot_set_the_identity_header_of_a_pool_whose_nodes_check_credentials() {
    NodeIdentity header = new NodeIdentity.IdentityHeader("Auth-Name");
    RequestFixture spoof =
        RequestFixture.fetch().credential(BASIC).headers("AUTH-NAME: root", "auth_name: root");
    assertThat(advertisement(spoof, header).headers().allValues("Auth-Name")).isEmpty();
    assertThat(advertisement(spoof, header).headers().allValues("auth_name")).isEmpty();
    assertThat(
            advertisement(RequestFixture.fetch().headers("Auth-Name: root"), header)
                .headers()
                .allValues("Auth-Name"))
        .isEmpty();
  }

  @Test
  void an_anonymous_client_has_no_identity_header() {
    RequestFixture anonymous = RequestFixture.fetch().authentication(Pool.Authentication.PROXY);
    NodeIdentity header = new NodeIdentity.IdentityHeader("X-WEBAUTH-USER");
    assertThat(advertisement(anonymous, header).headers().allValues("X-WEBAUTH-USER")).isEmpty();
  }

  @Test
  void the_paths_of_files_are_encoded_anew_and_a_preflight_is_an_options_request() {
    RequestFixture fixture = RequestFixture.fetch();
    NodeRequestFactory factory = factory(new NodeIdentity.Nobody());
    var file = new RepositoryFile(RequestFixture.path("acme/app.git"), "objects/info/a b+c");
    NodeRequest request = factory.file(fixture.permit(), "HEAD", file);
    assertThat(request.method()).isEqualTo("HEAD");
    assertThat(request.target()).isEqualTo("/acme/app.git/objects/info/a%20b+c");
    var bundle = new RepositoryFile(RequestFixture.path("all.bundle"), "");
    assertThat(factory.file(fixture.permit(), "GET", bundle).target()).isEqualTo("/all.bundle");
    var preflightFixture = RequestFixture.push().step(Step.PREFLIGHT);
    NodeRequest preflight =
        factory(new NodeIdentity.Nobody())
            .preflight(preflightFixture.permit(), preflightFixture.request());
    assertThat(preflight.method()).isEqualTo("OPTIONS");
    assertThat(preflight.host()).isEqualTo("code.test");
  }
}
