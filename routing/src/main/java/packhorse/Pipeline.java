package packhorse;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import packhorse.exchange.Answer;
import packhorse.exchange.Client;
import packhorse.exchange.Exchanges;
import packhorse.identity.Directory;
import packhorse.identity.Identities;
import packhorse.identity.Principal;
import packhorse.node.Router;
import packhorse.placement.Locator;
import packhorse.placement.Placement;
import packhorse.policy.Permit;
import packhorse.policy.Policy;
import packhorse.record.Outcome;
import packhorse.record.Recorder;
import packhorse.request.Arrival;
import packhorse.request.Credential;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.Request;
import packhorse.request.UnreadableBody;

/// The whole life of a request: place, identify, authorise, choose, exchange, record. The fronts
/// call it, each request on a virtual thread of its own; it returns when the client has its answer.
/// Nowhere else is a refusal caught.
public final class Pipeline {
  private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

  private final Locator locator;
  private final Directory directory;
  private final Identities identities;
  private final Policy policy;
  private final Router router;
  private final Exchanges exchanges;
  private final Recorder recorder;
  private final LongSupplier nanoTime;

  /// Everything that decides, made by the assembly.
  public record Stages(
      Locator locator,
      Directory directory,
      Identities identities,
      Policy policy,
      Router router,
      Exchanges exchanges,
      Recorder recorder) {}

  public Pipeline(Stages stages, LongSupplier nanoTime) {
    this.locator = stages.locator();
    this.directory = stages.directory();
    this.identities = stages.identities();
    this.policy = stages.policy();
    this.router = stages.router();
    this.exchanges = stages.exchanges();
    this.recorder = stages.recorder();
    this.nanoTime = nanoTime;
  }

  /// Serves one request to its end: whatever happens, the client is answered or cut off, and there
  /// is one outcome. A fault of our own is told to the client as {@link Refusal.Kind#INTERNAL}.
  public void serve(Request request, Client client) {
    long begun = nanoTime.getAsLong();
    Outcome outcome = Outcome.of(request);
    Optional<Refused> no = Optional.empty();
    try {
      Placement placement = locator.locate(request);
      outcome = outcome.placed(placement);
      Principal principal = identities.identify(request, placement);
      outcome = outcome.identified(principal);
      Permit permit = policy.authorise(request, placement, principal);
      outcome = outcome.permitted(permit);
      Answer answer = exchanges.answer(permit, router.routes(permit), client);
      outcome = outcome.answered(answer);
    } catch (Refused refused) {
      no = Optional.of(refused);
    } catch (UnreadableBody body) {
      no = Optional.of(new Refused(body.refusal()));
    } catch (IOException cut) {
      outcome = outcome.failed(String.valueOf(cut.getMessage()));
    } catch (RuntimeException fault) {
      no = Optional.of(new Refused(Refusal.internal(fault.toString())));
      log.atError().addKeyValue("request_id", id(request)).setCause(fault).log("request broke");
    }
    if (no.isPresent()) outcome = outcome.refused(no.get().refusal());
    // whoever is told no can look the decision up at once
    recorder.record(outcome.ended(Duration.ofNanos(nanoTime.getAsLong() - begun)));
    no.ifPresent(refused -> client.refuse(refused.refusal(), refused.push()));
  }

  private static String id(Request request) {
    return request.arrival().id();
  }

  /// Says no to what a front could not read as a request.
  public void refuse(Arrival arrival, Refusal refusal, Client client) {
    // first: who is told a decision may ask for it at once
    recorder.record(Outcome.of(arrival).refused(refusal));
    client.refuse(refusal, Optional.empty());
  }

  /// Whether the SSH front lets a key in: somebody has it. One that two users have gets in only to
  /// be told that it is nobody's.
  public boolean admits(Credential.SshKey key) {
    return owner(key).isPresent() || directory.shared(key);
  }

  /// Who owns the key, if exactly one user does: asked by the SSH front for its greeting.
  public Optional<String> owner(Credential.SshKey key) {
    return directory.owner(key);
  }
}
