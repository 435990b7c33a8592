package packhorse;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.exchange.Exchanges;
import packhorse.exchange.call.Answer;
import packhorse.exchange.call.Client;
import packhorse.exchange.call.Interruption;
import packhorse.identity.Authenticator;
import packhorse.identity.Principal;
import packhorse.identity.UserDirectory;
import packhorse.node.PermittedRoutes;
import packhorse.node.Router;
import packhorse.placement.Placement;
import packhorse.placement.RepositoryLocator;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.record.Outcome;
import packhorse.record.Recorder;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.Request;
import packhorse.request.UnreadableBodyException;

/// Serves a request from its arrival to its end: place, identify, authorise, choose, exchange,
/// record. The fronts call it, each request on a virtual thread of its own. It returns when the
/// client has been sent the whole response or a refusal, or has gone.
///
/// A refusal that a stage throws is sent to the client here. The outcome is recorded first, so that
/// the decision can be looked up as soon as the client knows its id.
public final class Pipeline {
  private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

  private final RepositoryLocator locator;
  private final UserDirectory users;
  private final Authenticator authenticator;
  private final Policy policy;
  private final Router router;
  private final Exchanges exchanges;
  private final Recorder recorder;
  private final LongSupplier nanoTime;

  /// The stages of the pipeline, created when the proxy starts.
  public record Stages(
      RepositoryLocator locator,
      UserDirectory users,
      Authenticator authenticator,
      Policy policy,
      Router router,
      Exchanges exchanges,
      Recorder recorder) {}

  public Pipeline(Stages stages, LongSupplier nanoTime) {
    this.locator = stages.locator();
    this.users = stages.users();
    this.authenticator = stages.authenticator();
    this.policy = stages.policy();
    this.router = stages.router();
    this.exchanges = stages.exchanges();
    this.recorder = stages.recorder();
    this.nanoTime = nanoTime;
  }

  /// Serves one request. Whatever happens, the client is sent a response or a refusal, or its
  /// connection is closed, and one outcome is recorded. An unexpected exception is reported to the
  /// client as [Refusal.Kind#INTERNAL].
  public void serve(Request request, Client client) {
    long start = nanoTime.getAsLong();
    Outcome outcome = Outcome.of(request);
    Optional<RefusalException> refusal = Optional.empty();
    try {
      client.memory().enter();
      Placement placement = locator.locate(request);
      outcome = outcome.withPlacement(placement);
      Principal principal = authenticator.identify(request, placement);
      outcome = outcome.withPrincipal(principal);
      if (principal.verifiedName().isPresent()) client.memory().verify();
      Permit permit = policy.authorise(request, placement, principal);
      outcome = outcome.withPermit(permit);
      PermittedRoutes routes = router.routes(permit);
      Answer answer = exchanges.answer(routes, client);
      outcome = outcome.withAnswer(answer);
      refusal = answer.interruption().flatMap(Interruption::message);
    } catch (RefusalException e) {
      refusal = Optional.of(e);
    } catch (UnreadableBodyException e) {
      refusal = Optional.of(new RefusalException(e.refusal()));
    } catch (IOException e) {
      outcome = outcome.withFailure(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      refusal = Optional.of(new RefusalException(Refusal.internal(e.toString())));
      log.atError().addKeyValue("request_id", id(request)).setCause(e).log("request failed");
    }
    if (refusal.isPresent()) outcome = outcome.withRefusal(refusal.get());
    recorder.record(outcome.withDuration(Duration.ofNanos(nanoTime.getAsLong() - start)));
    refusal.ifPresent(e -> client.refuse(e.refusal(), e.push()));
  }

  private static String id(Request request) {
    return request.arrival().id();
  }

  /// Refuses a request that a front could not parse.
  public void refuse(Arrival arrival, Refusal refusal, Client client) {
    recorder.record(Outcome.of(arrival).withRefusal(refusal));
    client.refuse(refusal, Optional.empty());
  }

  /// Records an SSH login that failed: one, however many keys the client offered.
  ///
  /// @param lastKey the last key that the client offered
  public void recordFailedLogin(Arrival arrival, Credential.SshKey lastKey) {
    authenticator.recordFailedLogin(arrival.clientAddress());
    recorder.recordFailedLogin(arrival, lastKey);
  }

  /// Whether the SSH front accepts the key for authentication: at least one user has it. A key that
  /// several users have is accepted only so that the client can be told why its request is refused.
  public boolean acceptsKey(Credential.SshKey key) {
    return keyOwner(key).isPresent() || users.isShared(key);
  }

  /// The name of the user who has the key, if exactly one user has it. Used by the SSH front for
  /// its greeting.
  public Optional<String> keyOwner(Credential.SshKey key) {
    return users.owner(key);
  }
}
