package packhorse.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.placement.RepositoryName;
import packhorse.request.Operation;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.Request;
import packhorse.request.WebRequest;
import packhorse.wire.push.Push;
import packhorse.wire.push.RefUpdate;

/// Checks requests, and the commands of pushes, against the operator's policy rules. The first rule
/// that matches decides; if none matches, the request is refused. If no rules are configured, every
/// request is permitted, and the node decides. Called by the pipeline and, for the commands of a
/// push, by the exchange; on any thread; immutable.
public final class Policy {
  private static final String NODE_DECIDES = "no policy: the node decides";
  private static final String NO_REPOSITORY = "a page of no repository: the node decides";

  private final List<PolicyRule> rules;

  /// @param rules in the order of the configuration; if there are none, the node decides
  public Policy(List<PolicyRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// Returns the permit for a request. For a push it is provisional: the commands are checked by
  /// [#authorise(Permit, Push)], and where a node authenticates clients, the exchange refuses a
  /// push to a read-only placement once the node has accepted the client.
  ///
  /// @throws RefusalException with [Refusal.Kind#NO_CREDENTIAL] when the client is anonymous and
  ///   the rules do not allow the operation, or may decide differently about the push of a user;
  ///   with [Refusal.Kind#NOT_ALLOWED] when they do not allow it to a user; with
  ///   [Refusal.Kind#READ_ONLY] for a push that only the placement does not allow
  public Permit authorise(Request request, Placement placement, Principal principal)
      throws RefusalException {
    Permit permit = applyRules(request, placement, principal);
    Optional<Refusal> readOnly = permit.readOnlyRefusal();
    if (readOnly.isEmpty()) return permit;
    // Nobody knows who the visitor of a page is before the node has answered.
    if (request instanceof WebRequest) throw new RefusalException(readOnly.get());
    if (!permit.isDecidedByProxy()) return permit;
    // The message is not for strangers: an anonymous client is asked for a credential first.
    boolean anonymous = principal instanceof Principal.Anonymous;
    throw new RefusalException(anonymous ? Refusal.noCredential() : readOnly.get());
  }

  private Permit applyRules(Request request, Placement placement, Principal principal)
      throws RefusalException {
    if (rules.isEmpty()) return new Permit(request, placement, principal, NODE_DECIDES);
    if (placement.repository().isEmpty()) {
      return new Permit(request, placement, principal, NO_REPOSITORY);
    }
    if (request instanceof WebRequest page) return applyRules(page, placement, principal);
    Action action = action(request.operation());
    Optional<PolicyRule> rule = findRule(request, placement, principal, action);
    if (rule.isEmpty() || !rule.get().allows()) throw denied(request, principal, rule);
    if (principal instanceof Principal.Anonymous
        && action == Action.WRITE
        && identityMayMatter(request, placement)) {
      throw new RefusalException(Refusal.noCredential());
    }
    return new Permit(request, placement, principal, rule.get().describe());
  }

  // A visitor's name is not verified, so a rule with groups cannot apply to it. One that allows is
  // passed over; one that denies, only where nothing of the repository's contents can be shown.
  private Permit applyRules(WebRequest page, Placement placement, Principal principal)
      throws RefusalException {
    InetAddress clientAddress = page.arrival().clientAddress();
    RepositoryName repository = placement.repository().orElseThrow();
    for (PolicyRule rule : rules) {
      if (!rule.concernsPage(action(page.operation()))) continue;
      if (!rule.appliesAt(repository, clientAddress)) continue;
      if (rule.hasGroups() && !rule.appliesTo(principal, repository, clientAddress)) {
        boolean verified = principal.verifiedName().isPresent();
        if (verified || rule.allows() || !placement.showsContents()) continue;
      }
      if (rule.allows()) return new Permit(page, placement, principal, rule.describe());
      throw deniedPage(page, placement, principal, Optional.of(rule));
    }
    throw deniedPage(page, placement, principal, Optional.empty());
  }

  // A browser would ask for a password that does not help where the node has a login of its own.
  private static RefusalException deniedPage(
      WebRequest page, Placement placement, Principal principal, Optional<PolicyRule> rule) {
    if (placement.pool().isAuthenticatedByProxy()) return denied(page, principal, rule);
    String message = page.operation() == Operation.READ ? "this page" : "changing this";
    return new RefusalException(
        Refusal.notAllowed(message(rule, message + " is not allowed here"), describe(rule)));
  }

  // Git sends a credential only when the server requests one, and the server can request it only
  // before it knows the commands of the push. An anonymous push is therefore refused, so that git
  // sends a credential, if the decision depends on its commands and some rule on the user's groups.
  private boolean identityMayMatter(Request request, Placement placement) {
    InetAddress clientAddress = request.arrival().clientAddress();
    boolean allowedToEverybody =
        applicableRules(request, placement, new Principal.Anonymous())
            .filter(PolicyRule::concernsWrites)
            .findFirst()
            .filter(rule -> rule.allows() && !rule.dependsOnCommands())
            .isPresent();
    return !allowedToEverybody
        && rules.stream()
            .filter(rule -> rule.hasGroups() && rule.concernsWrites())
            .anyMatch(rule -> rule.appliesAt(placement.repository().orElseThrow(), clientAddress));
  }

  /// Checks every command of a push against the rules.
  ///
  /// @throws RefusalException when the rules do not allow one of the commands; then none is
  ///   executed
  public void authorise(Permit permit, Push push) throws RefusalException {
    if (rules.isEmpty()) return;
    for (RefUpdate update : push.updates()) {
      Optional<PolicyRule> rule = findRule(permit, update);
      if (rule.isEmpty() || !rule.get().allows()) throw denied(rule, update, push);
    }
  }

  // Before the commands are known, a rule that denies only some pushes is skipped.
  private Optional<PolicyRule> findRule(
      Request request, Placement placement, Principal principal, Action action) {
    return applicableRules(request, placement, principal)
        .filter(rule -> action == Action.WRITE ? rule.concernsWrites() : rule.includes(action))
        .filter(rule -> rule.allows() || action != Action.WRITE || !rule.dependsOnCommands())
        .findFirst();
  }

  private Optional<PolicyRule> findRule(Permit permit, RefUpdate update) {
    Action action =
        switch (update.kind()) {
          case CREATE -> Action.CREATE;
          case UPDATE -> Action.UPDATE;
          case DELETE -> Action.DELETE;
        };
    return applicableRules(permit.request(), permit.placement(), permit.principal())
        .filter(rule -> rule.includes(action) && rule.matchesRef(update.ref()))
        .findFirst();
  }

  private Stream<PolicyRule> applicableRules(
      Request request, Placement placement, Principal principal) {
    InetAddress clientAddress = request.arrival().clientAddress();
    return rules.stream()
        .filter(
            rule -> rule.appliesTo(principal, placement.repository().orElseThrow(), clientAddress));
  }

  private static Action action(Operation operation) {
    return switch (operation) {
      case READ -> Action.READ;
      case WRITE -> Action.WRITE;
      case ARCHIVE -> Action.ARCHIVE;
    };
  }

  private static RefusalException denied(
      Request request, Principal principal, Optional<PolicyRule> rule) {
    if (principal instanceof Principal.Anonymous) {
      return new RefusalException(Refusal.noCredential());
    }
    String defaultMessage = request.operation().label() + " is not allowed here";
    return new RefusalException(Refusal.notAllowed(message(rule, defaultMessage), describe(rule)));
  }

  private static RefusalException denied(Optional<PolicyRule> rule, RefUpdate update, Push push) {
    String change = update.kind().name().toLowerCase(Locale.ROOT);
    String detail = describe(rule) + ": " + change + " of " + PrintableText.ofName(update.ref());
    return new RefusalException(Refusal.notAllowed(message(rule, detail), detail), push);
  }

  private static String message(Optional<PolicyRule> rule, String defaultMessage) {
    return rule.map(PolicyRule::message).filter(text -> !text.isEmpty()).orElse(defaultMessage);
  }

  private static String describe(Optional<PolicyRule> rule) {
    return rule.map(PolicyRule::describe).orElse("no policy rule matches");
  }
}
