package packhorse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import packhorse.kit.Pushes;
import packhorse.kit.Sample;
import packhorse.kit.Seeds;
import packhorse.request.Refused;
import packhorse.wire.Push;
import packhorse.wire.RefUpdate;

/// Random rules and random pushes against a model that is as plain as the documentation.
@Tag("counted")
@Tag("generated")
final class GeneratedPushesTest {
  private static final int GENERATED = Boolean.getBoolean("packhorse.thorough") ? 20_000 : 300;
  private static final List<String> REFS =
      List.of("refs/heads/main", "refs/heads/a/b", "refs/tags/v1", "refs/pull/7/head");
  private static final List<String> GLOBS =
      List.of("refs/heads/main", "refs/heads/**", "refs/tags/*", "**", "refs/pull/**");
  private static final List<Action> ACTIONS =
      List.of(Action.WRITE, Action.CREATE, Action.UPDATE, Action.DELETE, Action.ALL, Action.READ);

  @Test
  void a_push_is_done_exactly_when_every_ref_of_it_is_allowed() {
    for (long seed : Seeds.of(GeneratedPushesTest.class)) pushes(seed);
  }

  private static void pushes(long seed) {
    Random random = new Random(seed);
    int done = 0;
    for (int i = 0; i < GENERATED; i++) {
      List<Rule> rules = rules(random);
      Push push = push(random);
      boolean expected = push.updates().stream().allMatch(update -> allowed(rules, update));
      assertThat(done(rules, push)).as("seed %s: %s %s", seed, rules, push).isEqualTo(expected);
      done += expected ? 1 : 0;
    }
    assertThat(done).as("seed %s", seed).isBetween(GENERATED / 20, GENERATED * 19 / 20);
  }

  private static boolean done(List<Rule> rules, Push push) {
    Sample alice = Sample.push().user("alice");
    Policy policy = new Policy(rules);
    try {
      Permit permit = policy.authorise(alice.request(), alice.placement(), alice.principal());
      policy.authorise(permit, push);
      return true;
    } catch (Refused refused) {
      return false;
    }
  }

  private static boolean allowed(List<Rule> rules, RefUpdate update) {
    for (Rule rule : rules) {
      boolean speaks =
          rule.actions().contains(Action.ALL)
              || rule.actions().contains(Action.WRITE)
              || rule.actions().contains(Action.valueOf(update.kind().name()));
      boolean fits =
          rule.refs().isEmpty()
              || rule.refs().stream().anyMatch(glob -> glob.matches(update.ref()));
      boolean who = !rule.grouped() || rule.facts().contains("user:alice");
      if (speaks && fits && who) return rule.allow();
    }
    return false;
  }

  private static List<Rule> rules(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
      Rules rule = random.nextBoolean() ? Rules.allow(action) : Rules.deny(action);
      boolean onRefs = action != Action.ALL && action != Action.READ && random.nextBoolean();
      if (onRefs) rule = rule.on(GLOBS.get(random.nextInt(GLOBS.size())));
      if (random.nextInt(3) == 0) rule = rule.of(random.nextBoolean() ? "user:alice" : "user:bob");
      rules.add(rule.rule());
    }
    rules.add(random.nextInt(3) > 0 ? Rules.ALLOW_ALL : Rules.DENY_ALL);
    return rules;
  }

  private static Push push(Random random) {
    List<String> commands = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String ref = REFS.get(random.nextInt(REFS.size()));
      commands.add(
          switch (random.nextInt(3)) {
            case 0 -> Pushes.creating(ref);
            case 1 -> Pushes.updating(ref);
            default -> Pushes.deleting(ref);
          });
    }
    String[] all = commands.toArray(new String[0]);
    return Pushes.read(random.nextBoolean() ? Pushes.signed(all) : Pushes.head(all));
  }
}
