package packhorse.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.kit.Sample;
import packhorse.node.NodeCall;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.FileRequest;
import packhorse.request.GitRequest.Step;
import packhorse.request.Headers;
import packhorse.wire.Bytes;
import packhorse.wire.ProtocolVersion;
import packhorse.wire.Service;

/// What a node hears is composed, never copied (threats P10 to P15).
final class WhatNodesHearTest {
  private static final Credential BASIC =
      new Credential.Basic("al@ex.org", "p:wä+", "Basic YWxAZXgub3JnOnA6d8OkKw==");

  private static NodeCalls calls(ActAs actAs) {
    return new NodeCalls(Map.of("main", actAs));
  }

  private static NodeCall advertisement(Sample sample, ActAs actAs) {
    var request = sample.step(Step.ADVERTISEMENT);
    return calls(actAs).advertisement(request.permit(), Service.UPLOAD_PACK, ProtocolVersion.V2);
  }

  private static Headers heard(Sample sample) {
    return advertisement(sample, new ActAs.Nobody()).headers();
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
  void the_request_line_is_built_from_the_parsed_name(String path, String target) {
    assertThat(advertisement(Sample.fetch().repository(path), new ActAs.Nobody()).target())
        .isEqualTo(target);
  }

  @Test
  void a_question_has_its_own_type_and_nothing_of_the_clients_query() {
    Sample sample = Sample.push().headers("Content-Type: text/plain", "Content-Type: x/y");
    NodeCall call =
        calls(new ActAs.Nobody())
            .exchange(
                sample.permit(),
                Service.RECEIVE_PACK,
                ProtocolVersion.V0,
                new NodeCall.Whole(Bytes.of("0000")));
    assertThat(call.target()).isEqualTo("/acme/app/git-receive-pack");
    assertThat(call.headers().all("Content-Type"))
        .containsExactly("application/x-git-receive-pack-request");
    assertThat(call.headers().all("Accept"))
        .containsExactly("application/x-git-receive-pack-result");
    assertThat(call.headers().all("Git-Protocol")).isEmpty();
  }

  @Test
  void end_to_end_headers_pass_in_their_order() {
    Headers headers =
        heard(Sample.fetch().headers("User-Agent: git/2.50", "X-Trace: 1", "X-Trace: 2"));
    assertThat(headers.first("User-Agent")).contains("git/2.50");
    assertThat(headers.all("X-Trace")).containsExactly("1", "2");
  }

  @Test
  void the_way_here_is_told_by_us_alone() {
    Headers headers =
        heard(
            Sample.fetch()
                .from("2001:db8::7", true)
                .headers("X-Forwarded-For: 10.0.0.1", "Forwarded: for=_secret", "Via: 1.1 x"));
    assertThat(headers.all("X-Forwarded-For")).containsExactly("2001:db8:0:0:0:0:0:7");
    assertThat(headers.all("X-Real-IP")).containsExactly("2001:db8:0:0:0:0:0:7");
    assertThat(headers.all("X-Forwarded-Host")).containsExactly("code.test");
    assertThat(headers.all("X-Forwarded-Proto")).containsExactly("https");
    assertThat(headers.all("X-Request-Id")).containsExactly("abcdefghjkmn");
    assertThat(headers.all("Forwarded")).isEmpty();
    assertThat(headers.all("Via")).isEmpty();
  }

  @Test
  void an_address_is_told_without_its_zone() throws Exception {
    byte[] local = new byte[16];
    local[0] = (byte) 0xfe;
    local[1] = (byte) 0x80;
    local[15] = 1;
    var scoped = java.net.Inet6Address.getByAddress("x", local, 3);
    var arrival =
        new packhorse.request.Arrival(
            "x", java.time.Instant.EPOCH, "l", packhorse.request.Front.HTTP, scoped, true);
    assertThat(arrival.address()).isEqualTo("fe80:0:0:0:0:0:0:1");
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
  void a_header_of_ours_is_not_taken_from_a_client_in_any_spelling(String name) {
    for (String spelt : spellings(name)) {
      Headers passed = ClientHeaders.passed(Sample.lines(spelt + ": root", "X-Kept: 1"));
      assertThat(passed.lines()).as(spelt).hasSize(1);
    }
  }

  // twenty ways to write a name that some program takes for the same
  private static List<String> spellings(String name) {
    List<String> all = new ArrayList<>();
    for (char dash : new char[] {'-', '_'}) {
      String base = name.replace('-', dash);
      all.add(base);
      all.add(base.toLowerCase(Locale.ROOT));
      all.add(base.toUpperCase(Locale.ROOT));
      all.add(mixed(base, 0));
      all.add(mixed(base, 1));
    }
    for (String dash : List.of(".", "~", "+", "!", "#", "$", "%", "&", "'", "*")) {
      all.add(name.indexOf('-') < 0 ? name + dash : name.replace("-", dash));
    }
    return all;
  }

  private static String mixed(String name, int odd) {
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      mixed.append(i % 2 == odd ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return mixed.toString();
  }

  @Test
  void what_connection_names_goes_no_further_and_what_is_ours_stays() {
    Headers headers =
        heard(
            Sample.fetch()
                .credential(BASIC)
                .headers(
                    "Connection: close, X-Secret , X-WEBAUTH-USER",
                    "Connection: Authorization, Git-Protocol, X-Request-Id",
                    "X-Secret: 1"));
    assertThat(headers.first("X-Secret")).isEmpty();
    assertThat(headers.all("Authorization")).containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
    assertThat(headers.all("Git-Protocol")).containsExactly("version=2");
    assertThat(headers.all("X-Request-Id")).hasSize(1);
  }

  @Test
  void a_credential_that_the_node_checks_goes_on_as_it_came() {
    assertThat(heard(Sample.fetch().credential(BASIC)).all("Authorization"))
        .containsExactly("Basic YWxAZXgub3JnOnA6d8OkKw==");
    assertThat(heard(Sample.fetch()).all("Authorization")).isEmpty();
  }

  @Test
  void a_credential_that_we_checked_goes_no_further() {
    Sample checked = Sample.fetch().checking(Pool.Checking.PROXY).credential(BASIC).user("al");
    assertThat(heard(checked).all("Authorization")).isEmpty();
    ActAs service = new ActAs.Service("Basic c3Zj");
    assertThat(advertisement(checked, service).headers().all("Authorization"))
        .containsExactly("Basic c3Zj");
    assertThat(service.toString()).doesNotContain("c3Zj");
    ActAs header = new ActAs.IdentityHeader("Auth-Name");
    Headers named = advertisement(checked.headers("auth-name: root"), header).headers();
    assertThat(named.all("Auth-Name")).containsExactly("al");
    assertThat(named.all("Authorization")).isEmpty();
  }

  @Test
  void over_ssh_it_is_we_who_checked() {
    Sample ssh = Sample.fetch().credential(new Credential.SshKey("SHA256:x")).user("al");
    ActAs header = new ActAs.IdentityHeader("X-WEBAUTH-USER");
    assertThat(advertisement(ssh, header).headers().all("X-WEBAUTH-USER")).containsExactly("al");
  }

  // the node trusts this header whoever checked: for SSH it comes from us
  @Test
  void a_client_cannot_name_itself_in_the_identity_header_of_a_pool_where_the_node_checks() {
    ActAs header = new ActAs.IdentityHeader("Auth-Name");
    Sample spoof = Sample.fetch().credential(BASIC).headers("AUTH-NAME: root", "auth_name: root");
    assertThat(advertisement(spoof, header).headers().all("Auth-Name")).isEmpty();
    assertThat(advertisement(spoof, header).headers().all("auth_name")).isEmpty();
    assertThat(
            advertisement(Sample.fetch().headers("Auth-Name: root"), header)
                .headers()
                .all("Auth-Name"))
        .isEmpty();
  }

  @Test
  void nobody_is_named_nobody() {
    Sample anonymous = Sample.fetch().checking(Pool.Checking.PROXY);
    ActAs header = new ActAs.IdentityHeader("X-WEBAUTH-USER");
    assertThat(advertisement(anonymous, header).headers().all("X-WEBAUTH-USER")).isEmpty();
  }

  @Test
  void a_file_is_spelt_anew_and_a_preflight_is_one() {
    Sample sample = Sample.fetch();
    var file =
        new FileRequest(
            sample.arrival(),
            Optional.of("code.test"),
            new Credential.None(),
            Sample.path("acme/app.git"),
            "HEAD",
            "objects/info/a b+c",
            Optional.of("x=1"),
            Headers.none());
    NodeCall call = calls(new ActAs.Nobody()).file(sample.permit(file), file);
    assertThat(call.method()).isEqualTo("HEAD");
    assertThat(call.target()).isEqualTo("/acme/app.git/objects/info/a%20b+c?x=1");
    var bundle =
        new FileRequest(
            sample.arrival(),
            Optional.of("code.test"),
            new Credential.None(),
            Sample.path("all.bundle"),
            "GET",
            "",
            Optional.empty(),
            Headers.none());
    assertThat(calls(new ActAs.Nobody()).file(sample.permit(bundle), bundle).target())
        .isEqualTo("/all.bundle");
    var asked = Sample.push().step(Step.PREFLIGHT);
    NodeCall preflight = calls(new ActAs.Nobody()).preflight(asked.permit(), asked.request());
    assertThat(preflight.method()).isEqualTo("OPTIONS");
    assertThat(preflight.host()).isEqualTo("code.test");
  }
}
