package packhorse.config.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import packhorse.config.model.Address;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Origin;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;

/// Checks that every site can be told from the others and that its pool exists.
record SiteChecks(Settings settings, ProblemCollector problems) {

  void check() {
    List<String> pools = settings.pools().stream().map(PoolSettings::name).toList();
    Map<String, String> siteOfHost = new HashMap<>();
    Map<Address, String> siteOfSshAddress = new HashMap<>();
    for (SiteSettings site : settings.sites()) {
      // If the key is absent, the reader has reported that already.
      if (!pools.contains(site.pool()) && problems.isPresent(key(site, "pool", problems))) {
        problems.error(
            key(site, "pool", problems),
            "there is no pool \"" + site.pool() + "\"",
            Suggestion.closest(site.pool(), pools));
      }
      checkUrls(site, siteOfHost);
      site.ssh().ifPresent(address -> checkSsh(site, address, siteOfSshAddress));
    }
    pools.stream()
        .filter(pool -> !isUsed(pool))
        .forEach(pool -> problems.warning("pools." + pool, "no site or placement rule uses it"));
  }

  private boolean isUsed(String pool) {
    return settings.sites().stream().anyMatch(site -> site.pool().equals(pool))
        || settings.placement().stream().anyMatch(rule -> rule.pool().equals(pool));
  }

  private void checkUrls(SiteSettings site, Map<String, String> siteOfHost) {
    Set<Origin> seen = new HashSet<>();
    List<Origin> urls = site.urls();
    for (int i = 0; i < urls.size(); i++) {
      String key = urlKey(site, i, problems);
      if (problems.hasErrorAt(key) || (i == 0 && !problems.isPresent(key))) {
        continue;
      }
      if (!seen.add(urls.get(i))) {
        problems.error(key, "\"" + urls.get(i) + "\" is listed twice");
      }
      String owner = siteOfHost.putIfAbsent(hostHeader(urls.get(i)), site.name());
      if (owner != null && !owner.equals(site.name())) {
        problems.error(
            key, "\"%s\" has the same host as site \"%s\"".formatted(urls.get(i), owner));
      }
    }
  }

  /// What a client sends as `Host`: no scheme, and no port if it is the scheme's default.
  private static String hostHeader(Origin url) {
    return url.port() == (url.secure() ? 443 : 80) ? url.host() : url.host() + ":" + url.port();
  }

  private void checkSsh(SiteSettings site, Address address, Map<Address, String> siteOfSshAddress) {
    String owner = siteOfSshAddress.putIfAbsent(address, site.name());
    if (owner != null && !problems.hasErrorAt(key(site, "ssh", problems))) {
      problems.error(
          key(site, "ssh", problems),
          "\"%s\" is already the address of site \"%s\": SSH transmits no host name"
              .formatted(address, owner));
    }
    if (settings.listeners().stream().noneMatch(listener -> serves(listener, site))) {
      problems.warning(key(site, "ssh", problems), "no ssh listener serves this site");
    }
  }

  private static boolean serves(ListenerSettings listener, SiteSettings site) {
    return listener instanceof ListenerSettings.Ssh ssh && ssh.site().equals(site.name());
  }

  /// Returns the key of a URL of a site.
  ///
  /// @param index the index in [SiteSettings#urls]
  static String urlKey(SiteSettings site, int index, ProblemCollector problems) {
    return index == 0
        ? key(site, "url", problems)
        : key(site, "aliases", problems) + "[" + index + "]";
  }

  private static String key(SiteSettings site, String key, ProblemCollector problems) {
    return problems.isPresent("sites") ? "sites." + site.name() + "." + key : "public-" + key;
  }
}
