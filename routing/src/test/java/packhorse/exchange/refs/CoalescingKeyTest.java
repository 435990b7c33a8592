package packhorse.exchange.refs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.kit.FakeTicker;
import packhorse.kit.RequestFixture;
import packhorse.node.AdvertisedTips;
import packhorse.node.HealthThresholds;
import packhorse.node.NodeRequest;
import packhorse.node.Nodes;
import packhorse.node.PermittedRoutes;
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

  private final NodeRequestFactory factory = new NodeRequestFactory(Map.of());
  private final RequestFixture anonymous = RequestFixture.fetch().step(Step.ADVERTISEMENT);

  private static PermittedRoutes routes(RequestFixture fixture) {
    var thresholds = new HealthThresholds(3, 2, Duration.ZERO, Optional.empty());
    var nodes = new Nodes(fixture.poolNodes(), pool -> thresholds, new FakeTicker());
    return RequestFixture.router(nodes, new AdvertisedTips()).routes(fixture.permit());
  }

  private CoalescingKey key(RequestFixture fixture) {
    return CoalescingKey.of(
        routes(fixture),
        factory.advertisement(
            fixture.permit(), GitService.UPLOAD_PACK, fixture.request().version()));
  }

  private CoalescingKey lsRefsKey(String body) {
    var bufferedBody = new NodeRequest.BufferedBody(ByteString.of(body));
    return CoalescingKey.of(
        routes(anonymous),
        factory.serviceRequest(
            anonymous.permit(), GitService.UPLOAD_PACK, ProtocolVersion.V2, bufferedBody));
  }

  @Test
  void two_equal_requests_of_one_asker_have_the_same_key() {
    assertThat(key(anonymous)).isEqualTo(key(anonymous)).hasSameHashCodeAs(key(anonymous));
    assertThat(lsRefsKey("0000")).isEqualTo(lsRefsKey("0000"));
  }

  @Test
  void asker_protocol_version_spelling_nodes_and_body_are_part_of_the_key() {
    assertThat(key(anonymous))
        .isNotEqualTo(key(anonymous.credential(AL)))
        .isNotEqualTo(key(anonymous.version(ProtocolVersion.V0)))
        .isNotEqualTo(key(anonymous.repository("acme/app.git")))
        .isNotEqualTo(key(anonymous.nodes("a", "b", "c")));
    assertThat(lsRefsKey("0001")).isNotEqualTo(lsRefsKey("0000"));
  }

  @Test
  void clients_that_are_one_asker_do_not_share_a_response_to_different_urls() {
    RequestFixture checkedByProxy = anonymous.authentication(Pool.Authentication.PROXY);
    assertThat(routes(checkedByProxy).asker())
        .isEqualTo(routes(checkedByProxy.repository("acme/app.git")).asker());
    assertThat(key(checkedByProxy)).isNotEqualTo(key(checkedByProxy.repository("acme/app.git")));
  }
}
