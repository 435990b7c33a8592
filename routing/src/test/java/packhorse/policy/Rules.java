package packhorse.policy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import packhorse.request.Glob;

/// Rules for tests, one condition at a time.
///
/// @param rule what was made so far
record Rules(Rule rule) {
  static final Rule ALLOW_ALL = allow(Action.ALL).rule();
  static final Rule DENY_ALL = deny(Action.ALL).rule();

  static Rules allow(Action... actions) {
    return decided(true, actions);
  }

  static Rules deny(Action... actions) {
    return decided(false, actions);
  }

  private static Rules decided(boolean allow, Action... actions) {
    return new Rules(
        new Rule(
            7,
            allow,
            Set.of(actions),
            List.of(),
            List.of(),
            false,
            Set.of(),
            List.of(),
            List.of(),
            ""));
  }

  Rules at(String... repositories) {
    return new Rules(copy(globs(repositories), rule.refs(), rule.grouped(), rule.facts()));
  }

  Rules on(String... refs) {
    return new Rules(copy(rule.repositories(), globs(refs), rule.grouped(), rule.facts()));
  }

  Rules of(String... facts) {
    return new Rules(copy(rule.repositories(), rule.refs(), true, Set.of(facts)));
  }

  private Rule copy(List<Glob> repositories, List<Glob> refs, boolean grouped, Set<String> facts) {
    return new Rule(
        rule.number(),
        rule.allow(),
        rule.actions(),
        repositories,
        refs,
        grouped,
        facts,
        rule.from(),
        rule.notFrom(),
        rule.because());
  }

  Rules from(String address, int bits) {
    return new Rules(near(List.of(network(address, bits)), rule.notFrom(), rule.because()));
  }

  Rules notFrom(String address, int bits) {
    return new Rules(near(rule.from(), List.of(network(address, bits)), rule.because()));
  }

  Rules because(String words) {
    return new Rules(near(rule.from(), rule.notFrom(), words));
  }

  private Rule near(List<Network> from, List<Network> notFrom, String because) {
    return new Rule(
        rule.number(),
        rule.allow(),
        rule.actions(),
        rule.repositories(),
        rule.refs(),
        rule.grouped(),
        rule.facts(),
        from,
        notFrom,
        because);
  }

  static Network network(String address, int bits) {
    return new Network(InetAddress.ofLiteral(address), bits);
  }

  private static List<Glob> globs(String... texts) {
    return Arrays.stream(texts).map(Glob::new).toList();
  }
}
