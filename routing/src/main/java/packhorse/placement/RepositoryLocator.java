package packhorse.placement;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import packhorse.placement.Backend.Page;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.RepositoryRequest;
import packhorse.request.Request;
import packhorse.request.WebRequest;

/// Finds the [Placement] of a request. The site that the client called is determined first; then
/// the first placement rule that matches the repository decides, else the pool of the site. Called
/// by the pipeline, on any thread; immutable.
public final class RepositoryLocator {
  private final List<Site> sites;
  private final Map<String, Pool> pools;
  private final List<PlacementRule> rules;
  private final Map<String, String> siteNameByListener;

  /// @param rules in the order of the configuration: the first match wins
  /// @param siteNameByListener for each SSH listener the name of its site, because SSH clients do
  ///   not send the name of the server that they call
  public RepositoryLocator(
      List<Site> sites,
      List<Pool> pools,
      List<PlacementRule> rules,
      Map<String, String> siteNameByListener) {
    this.sites = List.copyOf(sites);
    this.pools = pools.stream().collect(Collectors.toMap(Pool::name, Function.identity()));
    this.rules = List.copyOf(rules);
    this.siteNameByListener = Map.copyOf(siteNameByListener);
  }

  /// Returns the placement of what this request names.
  ///
  /// @throws RefusalException with [Refusal.Kind#MALFORMED] when the nodes of the pool cannot have
  ///   a repository with this path; with [Refusal.Kind#NO_SUCH_SITE] when the name that the client
  ///   called is not a site, or when the client sent no name and its listener belongs to no site
  public Placement locate(Request request) throws RefusalException {
    SiteMatch match = match(request);
    Site site = match.site();
    Optional<PlacementRule> rule = findRule(site, request);
    Pool pool = pool(rule.map(PlacementRule::poolName).orElse(site.poolName()));
    Page page = read(request, pool);
    List<String> nodeNames =
        rule.map(PlacementRule::nodeNames)
            .filter(names -> !names.isEmpty())
            .orElse(pool.nodeNames());
    return new Placement(
        site,
        match.url(),
        pool,
        page.repository(),
        page.showsContents(),
        nodeNames,
        rule.flatMap(PlacementRule::readOnlyReason));
  }

  // Each rule is read as the nodes of its pool would read the path.
  private Optional<PlacementRule> findRule(Site site, Request request) {
    for (PlacementRule rule : rules) {
      if (!isReachable(site, rule.poolName())) continue;
      Optional<RepositoryName> name = nameAt(pool(rule.poolName()), request);
      if (name.filter(of -> of.isMatchedBy(rule.pattern())).isPresent()) return Optional.of(rule);
    }
    return Optional.empty();
  }

  private static Optional<RepositoryName> nameAt(Pool pool, Request request) {
    try {
      return switch (request) {
        case RepositoryRequest git -> Optional.of(pool.backend().nameOf(git.repository()));
        case WebRequest web -> read(web, pool).repository();
      };
    } catch (RefusalException e) {
      // What the nodes of this pool refuse, those of another may have.
      return Optional.empty();
    }
  }

  private static Page read(Request request, Pool pool) throws RefusalException {
    return switch (request) {
      case RepositoryRequest git -> repository(git.repository(), pool);
      case WebRequest web when web.file().isPresent() && pool.servesDumbHttp() ->
          repository(web.file().get().repository(), pool);
      case WebRequest web -> pool.backend().pageOf(web, pool.servesDumbHttp());
    };
  }

  private static Page repository(RepositoryPath path, Pool pool) throws RefusalException {
    Optional<String> problem = pool.backend().problemOf(path);
    if (problem.isPresent()) throw new RefusalException(Refusal.badPath(path, problem.get()));
    return new Page(Optional.of(pool.backend().nameOf(path)), true);
  }

  private record SiteMatch(Site site, URI url) {}

  private SiteMatch match(Request request) throws RefusalException {
    if (request.authority().isEmpty()) {
      Site site = siteOfListener(request.arrival().listener());
      return new SiteMatch(site, site.url());
    }
    String authority = request.authority().get();
    return onlyMatch(site -> site.urlWithAuthority(authority))
        .or(() -> onlyMatch(site -> site.urlWithHost(authority)))
        .orElseThrow(() -> new RefusalException(Refusal.noSuchSite(authority)));
  }

  // A host name without its port that fits two sites is not accepted, because the credential could
  // reach the wrong one.
  private Optional<SiteMatch> onlyMatch(Function<Site, Optional<URI>> urlOf) {
    List<SiteMatch> matches = new ArrayList<>(1);
    for (Site site : sites) {
      urlOf.apply(site).ifPresent(url -> matches.add(new SiteMatch(site, url)));
    }
    return matches.size() == 1 ? Optional.of(matches.getFirst()) : Optional.empty();
  }

  private Site siteOfListener(String listener) throws RefusalException {
    if (sites.size() == 1) return sites.getFirst();
    return sites.stream()
        .filter(site -> site.name().equals(siteNameByListener.get(listener)))
        .findFirst()
        .orElseThrow(() -> new RefusalException(Refusal.noSuchSite(listener)));
  }

  // A credential that was sent to one site must not reach the pool of another site, whatever the
  // path is.
  private boolean isReachable(Site site, String poolName) {
    return poolName.equals(site.poolName())
        || sites.stream().noneMatch(other -> other.poolName().equals(poolName));
  }

  private Pool pool(String name) {
    Pool pool = pools.get(name);
    if (pool == null) throw new IllegalStateException("no pool \"" + name + "\"");
    return pool;
  }
}
