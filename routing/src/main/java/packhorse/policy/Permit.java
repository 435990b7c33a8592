package packhorse.policy;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.placement.Pool;
import packhorse.placement.Storage;
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

  /// The principal in words, which differ where principals do.
  public String client() {
    return principal.words();
  }

  public Operation operation() {
    return request.operation();
  }

  /// The pool whose nodes may be asked.
  public String pool() {
    return placement.pool().name();
  }

  /// The names of those of them that may have the repository.
  public List<String> nodes() {
    return placement.nodes();
  }

  /// The site's URL that the client used.
  public URI calledAs() {
    return placement.calledAs();
  }

  /// The client's name, if somebody has verified it.
  public Optional<String> verified() {
    return principal.verified();
  }

  /// Whether it is we who check what clients of this pool show over HTTP.
  public boolean checkedHere() {
    return placement.pool().checking() == Pool.Checking.PROXY;
  }

  /// Whether one node may have what another has not yet.
  public boolean nodesDiffer() {
    return placement.pool().storage() == Storage.REPLICATED;
  }

  /// Whether files of repositories may be asked for (the dumb protocol).
  public boolean files() {
    return placement.pool().files();
  }

  /// Whether clients are offered protocol v2, whatever the nodes speak.
  public boolean offersV2() {
    return placement.pool().offersV2();
  }

  /// What decided, in words for the operator.
  public String why() {
    return why;
  }
}
