package packhorse.placement;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.Request;

/// Finds where the repository of a request lives: the site that was called, then the first rule
/// that matches, else the site's pool. Called by the pipeline, on any thread; immutable.
public final class Locator {
  private final List<Site> sites;
  private final Map<String, Pool> pools;
  private final List<Rule> rules;
  private final Map<String, String> siteOfListener;

  /// @param rules first match wins
  /// @param siteOfListener the site of a listener whose protocol tells no name
  public Locator(
      List<Site> sites, List<Pool> pools, List<Rule> rules, Map<String, String> siteOfListener) {
    this.sites = List.copyOf(sites);
    this.pools = pools.stream().collect(Collectors.toMap(Pool::name, Function.identity()));
    this.rules = List.copyOf(rules);
    this.siteOfListener = Map.copyOf(siteOfListener);
  }

  /// Where the repository lives.
  ///
  /// @throws Refused when the client called a name that is no site, or told no name where several
  ///   sites could be meant
  public Placement locate(Request request) throws Refused {
    Called called = called(request);
    Site site = called.site();
    Optional<Rule> rule = rule(site, request.repository().governing());
    Pool pool = pool(rule.map(Rule::pool).orElse(site.pool()));
    List<String> nodes = rule.map(Rule::nodes).filter(some -> !some.isEmpty()).orElse(pool.nodes());
    return new Placement(site, called.as(), pool, nodes, rule.flatMap(Rule::readOnly));
  }

  private Optional<Rule> rule(Site site, String repository) {
    for (Rule rule : rules) {
      if (rule.match().matches(repository) && reachable(site, rule.pool()))
        return Optional.of(rule);
    }
    return Optional.empty();
  }

  private record Called(Site site, URI as) {}

  private Called called(Request request) throws Refused {
    if (request.calledAs().isEmpty()) {
      Site site = siteOf(request.arrival().listener());
      return new Called(site, site.url());
    }
    String name = request.calledAs().get();
    return called(site -> site.calledAs(name))
        .or(() -> called(site -> site.named(name)))
        .orElseThrow(() -> new Refused(Refusal.noSuchSite(name)));
  }

  // where a name without its port could be meant for two sites, it is no name: a credential must
  // not reach the wrong one
  private Optional<Called> called(Function<Site, Optional<URI>> by) {
    List<Called> fitting = new ArrayList<>(1);
    for (Site site : sites) by.apply(site).ifPresent(as -> fitting.add(new Called(site, as)));
    return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
  }

  private Site siteOf(String listener) throws Refused {
    if (sites.size() == 1) return sites.getFirst();
    return sites.stream()
        .filter(site -> site.name().equals(siteOfListener.get(listener)))
        .findFirst()
        .orElseThrow(() -> new Refused(Refusal.noSuchSite(listener)));
  }

  // a credential shown at one site must not reach another site's pool, whatever the path says
  private boolean reachable(Site site, String pool) {
    return pool.equals(site.pool()) || sites.stream().noneMatch(other -> other.pool().equals(pool));
  }

  private Pool pool(String name) {
    Pool pool = pools.get(name);
    if (pool == null) throw new IllegalStateException("no pool \"" + name + "\"");
    return pool;
  }
}
