package packhorse.policy;

import java.util.Optional;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.request.Credential;
import packhorse.request.Operation;
import packhorse.request.Refusal;
import packhorse.request.Request;

/// Proof that a principal may perform an operation on a repository. Only [Policy] creates permits,
/// and everything that sends a request to a node on behalf of a client requires one. Immutable.
public final class Permit {
  private final Request request;
  private final Placement placement;
  private final Principal principal;
  private final String reason;

  Permit(Request request, Placement placement, Principal principal, String reason) {
    this.request = request;
    this.placement = placement;
    this.principal = principal;
    this.reason = reason;
  }

  public Request request() {
    return request;
  }

  public Placement placement() {
    return placement;
  }

  public Principal principal() {
    return principal;
  }

  /// The name of the client, if it was verified. For packages that must not depend on
  /// `packhorse.identity`.
  public Optional<String> verifiedName() {
    return principal.verifiedName();
  }

  /// Whether the proxy authenticated the client, so that it alone decides who may read. Otherwise a
  /// node decides, by the client's credential.
  public boolean isDecidedByProxy() {
    return placement.pool().isAuthenticatedByProxy()
        || request.credential() instanceof Credential.SshKey;
  }

  /// The refusal of a push to a placement that is read-only; empty for anything else. Where the
  /// permit is not decided by the proxy, it is due once a node has accepted the client.
  public Optional<Refusal> readOnlyRefusal() {
    return placement
        .readOnlyReason()
        .filter(_ -> request.operation() == Operation.WRITE)
        .map(Refusal::readOnly);
  }

  /// Which rule allowed the operation, in words for the operator.
  public String reason() {
    return reason;
  }
}
