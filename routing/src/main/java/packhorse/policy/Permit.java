package packhorse.policy;

import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.request.Operation;
import packhorse.request.Request;

/// Proof that a principal may do an operation on a repository. Only {@link Policy} makes one, and
/// whatever asks a node on a client's behalf wants one. Immutable.
public final class Permit {
  private final Request request;
  private final Placement placement;
  private final Principal principal;
  private final String why;

  Permit(Request request, Placement placement, Principal principal, String why) {
    this.request = request;
    this.placement = placement;
    this.principal = principal;
    this.why = why;
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

  public Operation operation() {
    return request.operation();
  }

  /// What decided, in words for the operator.
  public String why() {
    return why;
  }
}
