package packhorse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import packhorse.kit.Pushes;
import packhorse.kit.RequestFixture;
import packhorse.kit.Seeds;
import packhorse.request.RefusalException;
import packhorse.wire.push.Push;
import packhorse.wire.push.RefUpdate;

/// Compares the policy with a plain model of the documented rules, for random rules and pushes.
@Tag("counted")
@Tag("generated")
final class GeneratedPushesTest {
  private static final int GENERATED_PUSHES =
      Boolean.getBoolean("packhorse.thorough") ? 20_000 : 300;
  private static final List<String> REFS =
      List.of("refs/heads/main", "refs/heads/a/b", "refs/tags/v1", "refs/pull/7/head");
  private static final List<String> GLOBS =
      List.of("refs/heads/main", "refs/heads/**", "refs/tags/*", "**", "refs/pull/**");
  private static final List<Action> ACTIONS =
      List.of(Action.WRITE, Action.CREATE, Action.UPDATE, Action.DELETE, Action.ALL, Action.READ);

  @Test
  void a_push_is_allowed_exactly_when_each_of_its_commands_is_allowed() {
    for (long seed : Seeds.of(GeneratedPushesTest.class)) checkGeneratedPushes(seed);
  }

  private static void checkGeneratedPushes(long seed) {
    Random random = new Random(seed);
    int allowed = 0;
    for (int i = 0; i < GENERATED_PUSHES; i++) {
      List<PolicyRule> rules = rules(random);
      Push push = push(random);
      boolean expected = push.updates().stream().allMatch(update -> modelAllows(rules, update));
      assertThat(isAllowed(rules, push))
          .as("seed %s: %s %s", seed, rules, push)
          .isEqualTo(expected);
      allowed += expected ? 1 : 0;
    }
    assertThat(allowed)
        .as("seed %s", seed)
        .isBetween(GENERATED_PUSHES / 20, GENERATED_PUSHES * 19 / 20);
  }

  private static boolean isAllowed(List<PolicyRule> rules, Push push) {
    RequestFixture alice = RequestFixture.push().user("alice");
    Policy policy = new Policy(rules);
    try {
      Permit permit = policy.authorise(alice.request(), alice.placement(), alice.principal());
      policy.authorise(permit, push);
      return true;
    } catch (RefusalException e) {
      return false;
    }
  }

  private static boolean modelAllows(List<PolicyRule> rules, RefUpdate update) {
    for (PolicyRule rule : rules) {
      boolean actionMatches =
          rule.actions().contains(Action.ALL)
              || rule.actions().contains(Action.WRITE)
              || rule.actions().contains(Action.valueOf(update.kind().name()));
      boolean refMatches =
          rule.refs().isEmpty()
              || rule.refs().stream().anyMatch(glob -> glob.matches(update.ref()));
      // The facts are those of the rule's groups; a principal needs one of them.
      boolean principalMatches = !rule.hasGroups() || rule.facts().contains("user:alice");
      if (actionMatches && refMatches && principalMatches) return rule.allows();
    }
    return false;
  }

  private static List<PolicyRule> rules(Random random) {
    List<PolicyRule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
      PolicyRuleBuilder rule =
          random.nextBoolean() ? PolicyRuleBuilder.allow(action) : PolicyRuleBuilder.deny(action);
      boolean onRefs = action != Action.ALL && action != Action.READ && random.nextBoolean();
      if (onRefs) rule = rule.on(GLOBS.get(random.nextInt(GLOBS.size())));
      if (random.nextInt(3) == 0) rule = rule.of(random.nextBoolean() ? "user:alice" : "user:bob");
      rules.add(rule.rule());
    }
    rules.add(random.nextInt(3) > 0 ? PolicyRuleBuilder.ALLOW_ALL : PolicyRuleBuilder.DENY_ALL);
    return rules;
  }

  private static Push push(Random random) {
    List<String> commands = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String ref = REFS.get(random.nextInt(REFS.size()));
      commands.add(
          switch (random.nextInt(3)) {
            case 0 -> Pushes.createCommand(ref);
            case 1 -> Pushes.updateCommand(ref);
            default -> Pushes.deleteCommand(ref);
          });
    }
    String[] all = commands.toArray(new String[0]);
    return Pushes.parse(
        random.nextBoolean() ? Pushes.pushCertificate(all) : Pushes.commandList(all));
  }
}
