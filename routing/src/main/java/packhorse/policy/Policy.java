package packhorse.policy;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import packhorse.identity.Principal;
import packhorse.placement.Placement;
import packhorse.request.Operation;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.Request;
import packhorse.wire.Push;
import packhorse.wire.RefUpdate;
import packhorse.wire.WireText;

/// The operator's rules: first match wins. Without rules the node decides. Called by the pipeline
/// and, for the commands of a push, by the exchange; on any thread; immutable.
public final class Policy {
  private static final String NODE_DECIDES = "no policy: the node decides";

  private final List<Rule> rules;

  /// @param rules in the order of the configuration; empty: the node decides
  public Policy(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// The permit for a request.
  ///
  /// @throws Refused with {@link Refusal.Kind#NO_CREDENTIAL} when nobody showed who he is and no
  ///   rule lets everybody, {@link Refusal.Kind#NOT_ALLOWED} when a rule denies, {@link
  ///   Refusal.Kind#READ_ONLY} when nobody writes there
  public Permit authorise(Request request, Placement placement, Principal principal)
      throws Refused {
    if (request.operation() == Operation.WRITE && placement.readOnly().isPresent()) {
      throw new Refused(Refusal.readOnly(placement.readOnly().get()));
    }
    if (rules.isEmpty()) return new Permit(request, placement, principal, NODE_DECIDES);
    Action action = action(request.operation());
    Optional<Rule> rule = first(request, principal, action);
    if (rule.isEmpty() || !rule.get().allow()) throw refused(request, principal, rule);
    if (principal instanceof Principal.Anonymous && action == Action.WRITE && nameCounts(request)) {
      throw new Refused(Refusal.noCredential());
    }
    return new Permit(request, placement, principal, rule.get().words());
  }

  // git shows no credential unless it is asked for one, and a push can be asked only before it has
  // begun: where its refs will decide, and a name could decide otherwise, it is asked
  private boolean nameCounts(Request request) {
    Principal nobody = new Principal.Anonymous();
    boolean decided =
        concerning(request, nobody)
            .filter(Policy::speaksOfWriting)
            .findFirst()
            .filter(rule -> rule.allow() && !rule.partial())
            .isPresent();
    return !decided
        && rules.stream()
            .filter(rule -> rule.grouped() && speaksOfWriting(rule))
            .anyMatch(rule -> rule.appliesTo(repository(request), request.arrival().from()));
  }

  /// Checks every command of a push against the rules on refs.
  ///
  /// @throws Refused when a rule denies one of them: then none is done
  public void authorise(Permit permit, Push push) throws Refused {
    if (rules.isEmpty()) return;
    for (RefUpdate update : push.updates()) {
      Optional<Rule> rule = first(permit.request(), permit.principal(), update);
      if (rule.isEmpty() || !rule.get().allow()) throw refused(rule, update, push);
    }
  }

  // before the commands are known, a rule that denies only some pushes does not speak yet
  private Optional<Rule> first(Request request, Principal principal, Action action) {
    return concerning(request, principal)
        .filter(rule -> action == Action.WRITE ? speaksOfWriting(rule) : rule.covers(action))
        .filter(rule -> rule.allow() || action != Action.WRITE || !rule.partial())
        .findFirst();
  }

  private Optional<Rule> first(Request request, Principal principal, RefUpdate update) {
    Action action =
        switch (update.kind()) {
          case CREATE -> Action.CREATE;
          case UPDATE -> Action.UPDATE;
          case DELETE -> Action.DELETE;
        };
    return concerning(request, principal)
        .filter(rule -> rule.covers(action) && rule.fitsRef(update.ref()))
        .findFirst();
  }

  private static boolean speaksOfWriting(Rule rule) {
    return rule.actions().stream()
        .anyMatch(word -> word == Action.ALL || word == Action.WRITE || word.changesRef());
  }

  private Stream<Rule> concerning(Request request, Principal principal) {
    String repository = repository(request);
    InetAddress from = request.arrival().from();
    return rules.stream().filter(rule -> rule.concerns(principal, repository, from));
  }

  private static Action action(Operation operation) {
    return switch (operation) {
      case READ -> Action.READ;
      case WRITE -> Action.WRITE;
      case ARCHIVE -> Action.ARCHIVE;
    };
  }

  private static String repository(Request request) {
    return request.repository().governing();
  }

  private static Refused refused(Request request, Principal principal, Optional<Rule> rule) {
    if (principal instanceof Principal.Anonymous) return new Refused(Refusal.noCredential());
    String what = request.operation().word() + " is not allowed here";
    return new Refused(Refusal.notAllowed(because(rule, what), words(rule)));
  }

  private static Refused refused(Optional<Rule> rule, RefUpdate update, Push push) {
    String change = update.kind().name().toLowerCase(Locale.ROOT);
    String what = words(rule) + ": " + change + " of " + WireText.toUnicode(update.ref());
    return new Refused(Refusal.notAllowed(because(rule, what), what), push);
  }

  private static String because(Optional<Rule> rule, String otherwise) {
    return rule.map(Rule::because).filter(words -> !words.isEmpty()).orElse(otherwise);
  }

  private static String words(Optional<Rule> rule) {
    return rule.map(Rule::words).orElse("no policy rule matches");
  }
}
