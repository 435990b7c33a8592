package packhorse.exchange.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import packhorse.kit.RequestFixture;
import packhorse.node.RepositoryAsker;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.wire.ProtocolVersion;

/// Two requests have the same [RepositoryAsker] only if a node cannot tell who of both asks.
final class RepositoryAskerFactoryTest {
  private static final Credential AL = new Credential.Basic("al", "a", "Basic YWw6YQ==");
  private static final Credential AL_WITH_OTHER_PASSWORD =
      new Credential.Basic("al", "b", "Basic YWw6Yg==");

  private final RequestFixture anonymous = RequestFixture.fetch();
  private final RequestFixture checkedByProxy = anonymous.authentication(Pool.Authentication.PROXY);
  private final RepositoryAskerFactory nobody = factory(new NodeIdentity.Nobody());

  private static RepositoryAskerFactory factory(NodeIdentity identity) {
    return new RepositoryAskerFactory(Map.of("main", identity));
  }

  private RepositoryAsker asker(RequestFixture fixture) {
    return nobody.create(fixture.permit());
  }

  @Test
  void two_equal_requests_have_the_same_asker() {
    assertThat(asker(anonymous)).isEqualTo(asker(anonymous));
  }

  @Test
  void where_the_node_decides_the_whole_credential_is_part_of_the_asker() {
    List<Credential> others =
        List.of(
            AL_WITH_OTHER_PASSWORD,
            new Credential.Bearer("a", "Bearer a"),
            new Credential.Bearer("b", "Bearer b"),
            new Credential.OtherScheme("Negotiate", "Negotiate a"),
            new Credential.NoCredential());
    assertThat(asker(anonymous.credential(AL))).isEqualTo(asker(anonymous.credential(AL)));
    assertThat(others.stream().map(other -> asker(anonymous.credential(other))))
        .doesNotHaveDuplicates()
        .doesNotContain(asker(anonymous.credential(AL)));
  }

  @Test
  void where_the_node_decides_address_site_path_and_lines_of_the_client_are_part_of_the_asker() {
    List<RequestFixture> others =
        List.of(
            anonymous.client("192.0.2.8", true),
            anonymous.siteUrl("http://code.test"),
            anonymous.siteUrl("https://other.test"),
            anonymous.siteUrl("https://code.test:8443"),
            anonymous.repository("acme/app.git"),
            anonymous.repository("acme/other"),
            anonymous.headers("X-Extra: 1"),
            anonymous.headers("X-Extra: 2"),
            anonymous.headers("Cookie: a=b"));
    assertThat(others.stream().map(this::asker))
        .doesNotHaveDuplicates()
        .doesNotContain(asker(anonymous));
  }

  @Test
  void lines_that_git_sends_by_itself_are_not_part_of_the_asker() {
    RequestFixture other =
        anonymous
            .version(ProtocolVersion.V0)
            .headers("User-Agent: git/2.39.5", "Accept-Language: de", "Pragma: no-cache");
    assertThat(asker(other)).isEqualTo(asker(anonymous));
  }

  @Test
  void a_name_that_the_node_is_told_is_part_of_the_asker() {
    RepositoryAskerFactory names = factory(new NodeIdentity.IdentityHeader("X-User"));
    assertThat(names.create(checkedByProxy.user("al").permit()))
        .isEqualTo(names.create(checkedByProxy.user("al").client("192.0.2.8", true).permit()))
        .isNotEqualTo(names.create(checkedByProxy.user("bo").permit()))
        .isNotEqualTo(names.create(checkedByProxy.permit()));
  }

  @Test
  void where_the_proxy_decides_and_the_node_hears_no_name_all_clients_are_one_asker() {
    RequestFixture al = checkedByProxy.user("al").credential(AL);
    RequestFixture bo = checkedByProxy.user("bo").client("192.0.2.8", true);
    RepositoryAskerFactory service = factory(new NodeIdentity.ServiceAccount("Basic c2VydmljZQ=="));
    assertThat(asker(al)).isEqualTo(asker(bo.repository("acme/app.git")));
    assertThat(service.create(al.permit())).isEqualTo(service.create(bo.permit()));
    assertThat(asker(al)).isNotEqualTo(asker(bo.headers("X-Extra: 1")));
    assertThat(asker(al)).isNotEqualTo(asker(anonymous));
  }

  @Test
  void the_asker_shows_no_secret() {
    assertThat(asker(anonymous.credential(AL)).toString()).doesNotContain("YWw6YQ", "al:a");
  }
}
