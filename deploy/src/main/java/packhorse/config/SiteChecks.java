package packhorse.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks that every site can be told from the others and has its pool.
record SiteChecks(Settings settings, Problems problems) {

  void check() {
    List<String> pools = settings.pools().stream().map(PoolSettings::name).toList();
    Map<String, String> owners = new HashMap<>();
    Map<Address, String> sshOwners = new HashMap<>();
    for (SiteSettings site : settings.sites()) {
      if (!pools.contains(site.pool()) && problems.knows(key(site, "pool"))) {
        problems.error(
            key(site, "pool"),
            "there is no pool \"" + site.pool() + "\"",
            Suggestion.of(site.pool(), pools));
      }
      urls(site, owners);
      site.ssh().ifPresent(address -> ssh(site, address, sshOwners));
    }
    pools.stream()
        .filter(pool -> !used(pool))
        .forEach(pool -> problems.warning("pools." + pool, "no site and no placement uses it"));
  }

  private boolean used(String pool) {
    return settings.sites().stream().anyMatch(site -> site.pool().equals(pool))
        || settings.placement().stream().anyMatch(rule -> rule.pool().equals(pool));
  }

  private void urls(SiteSettings site, Map<String, String> owners) {
    Set<Origin> seen = new HashSet<>();
    List<Origin> urls = site.urls();
    for (int i = 0; i < urls.size(); i++) {
      String key = i == 0 ? key(site, "url") : key(site, "aliases") + "[" + i + "]";
      if (problems.brokenAt(key) || (i == 0 && !problems.knows(key))) {
        continue;
      }
      if (!seen.add(urls.get(i))) {
        problems.error(key, "\"" + urls.get(i) + "\" is there twice");
      }
      String owner = owners.putIfAbsent(called(urls.get(i)), site.name());
      if (owner != null && !owner.equals(site.name())) {
        problems.error(key, "\"%s\" is called like site \"%s\"".formatted(urls.get(i), owner));
      }
    }
  }

  /// What a client's `Host` says: it has no scheme, and no port where that is the scheme's own.
  private static String called(Origin url) {
    return url.port() == (url.secure() ? 443 : 80) ? url.name() : url.name() + ":" + url.port();
  }

  private void ssh(SiteSettings site, Address address, Map<Address, String> owners) {
    String owner = owners.putIfAbsent(address, site.name());
    if (owner != null && !problems.brokenAt(key(site, "ssh"))) {
      problems.error(
          key(site, "ssh"),
          "\"%s\" is the address of site \"%s\" already: SSH tells no name"
              .formatted(address, owner));
    }
    if (settings.listeners().stream().noneMatch(l -> serves(l, site))) {
      problems.warning(key(site, "ssh"), "no ssh listener serves this site");
    }
  }

  private static boolean serves(ListenerSettings listener, SiteSettings site) {
    return listener instanceof ListenerSettings.Ssh ssh && ssh.site().equals(site.name());
  }

  private String key(SiteSettings site, String key) {
    return problems.knows("sites") ? "sites." + site.name() + "." + key : "public-" + key;
  }
}
