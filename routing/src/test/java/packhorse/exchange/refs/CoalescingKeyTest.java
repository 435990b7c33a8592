package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import packhorse.exchange.call.NodeIdentity;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.kit.RequestFixture;
import packhorse.node.NodeRequest;
import packhorse.placement.Pool;
import packhorse.request.Credential;
import packhorse.request.GitRequest.Step;
import packhorse.wire.ByteString;
import packhorse.wire.GitService;
import packhorse.wire.ProtocolVersion;

/// Two requests for a ref advertisement have the same [CoalescingKey] only if they may share one
/// response.
final class CoalescingKeyTest {
  private static final Credential AL = new Credential.Basic("al", "a", "Basic YWw6YQ==");
  private static final Credential BO = new Credential.Basic("bo", "b", "Basic Ym86Yg==");

  private final RequestFixture anonymous = RequestFixture.fetch().step(Step.ADVERTISEMENT);

  private static CoalescingKey key(RequestFixture fixture) {
    return key(fixture, new NodeIdentity.Nobody());
  }

  private static CoalescingKey key(RequestFixture fixture, NodeIdentity identity) {
    var permit = fixture.permit();
    var factory = new NodeRequestFactory(Map.of("main", identity));
    return CoalescingKey.of(
        permit, factory.advertisement(permit, GitService.UPLOAD_PACK, fixture.request().version()));
  }

  private static CoalescingKey lsRefsKey(RequestFixture fixture, String body) {
    var permit = fixture.permit();
    var bufferedBody = new NodeRequest.BufferedBody(ByteString.of(body));
    return CoalescingKey.of(
        permit,
        new NodeRequestFactory(Map.of())
            .serviceRequest(permit, GitService.UPLOAD_PACK, ProtocolVersion.V2, bufferedBody));
  }

  @Test
  void two_equal_requests_have_the_same_key() {
    assertThat(key(anonymous)).isEqualTo(key(anonymous)).hasSameHashCodeAs(key(anonymous));
    assertThat(lsRefsKey(anonymous, "0000")).isEqualTo(lsRefsKey(anonymous, "0000"));
  }

  @Test
  void requests_with_different_credentials_for_the_node_have_different_keys() {
    assertThat(key(anonymous.credential(AL)))
        .isEqualTo(key(anonymous.credential(AL)))
        .isNotEqualTo(key(anonymous.credential(BO)))
        .isNotEqualTo(key(anonymous));
  }

  @Test
  void requests_with_different_identity_headers_have_different_keys() {
    var identityHeader = new NodeIdentity.IdentityHeader("X-User");
    RequestFixture checkedByProxy = anonymous.authentication(Pool.Authentication.PROXY);
    assertThat(key(checkedByProxy.user("al"), identityHeader))
        .isEqualTo(key(checkedByProxy.user("al"), identityHeader))
        .isNotEqualTo(key(checkedByProxy.user("bo"), identityHeader))
        .isNotEqualTo(key(checkedByProxy, identityHeader));
  }

  @Test
  void where_the_node_sees_no_identity_all_permitted_clients_have_the_same_key() {
    RequestFixture checkedByProxy = anonymous.authentication(Pool.Authentication.PROXY);
    assertThat(key(checkedByProxy.user("al").credential(AL).client("192.0.2.1", true)))
        .isEqualTo(key(checkedByProxy.user("bo").credential(BO).client("192.0.2.2", true)));
  }

  @Test
  void where_the_node_decides_the_client_address_is_part_of_the_key() {
    assertThat(key(anonymous.client("192.0.2.1", true)))
        .isNotEqualTo(key(anonymous.client("192.0.2.2", true)));
  }

  @Test
  void protocol_version_repository_spelling_headers_nodes_and_body_are_part_of_the_key() {
    assertThat(key(anonymous))
        .isNotEqualTo(key(anonymous.version(ProtocolVersion.V0)))
        .isNotEqualTo(key(anonymous.repository("acme/other")))
        .isNotEqualTo(key(anonymous.repository("acme/app.git")))
        .isNotEqualTo(key(anonymous.headers("X-Extra: 1")))
        .isNotEqualTo(key(anonymous.nodes("a", "b", "c")));
    assertThat(lsRefsKey(anonymous, "0001")).isNotEqualTo(lsRefsKey(anonymous, "0000"));
  }
}
