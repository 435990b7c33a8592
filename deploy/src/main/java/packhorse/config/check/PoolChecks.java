package packhorse.config.check;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.config.model.ActAsSettings;
import packhorse.config.model.HostNames;
import packhorse.config.model.NodeSettings;
import packhorse.config.model.PoolSettings;
import packhorse.config.model.Settings;
import packhorse.file.TextFile;
import packhorse.http.tls.Pem;
import packhorse.placement.Backend;
import packhorse.placement.Backend.Option;
import packhorse.placement.Pool;
import packhorse.placement.Storage;

/// Checks each pool by itself: its nodes, and what may be sent to them.
record PoolChecks(Settings settings, ProblemCollector problems) {

  void check() {
    settings.pools().forEach(pool -> check(pool, "pools." + pool.name()));
  }

  private void check(PoolSettings pool, String key) {
    if (pool.nodes().isEmpty() && problems.isPresent(key + ".nodes")) {
      problems.error(key + ".nodes", "is empty");
    }
    checkPrimary(pool, key);
    pool.caFile().ifPresent(file -> checkCaFile(file, key + ".ca"));
    pool.knownHostsFile().ifPresent(file -> checkKnownHostsFile(file, key + ".known-hosts"));
    checkUrls(pool, key);
    checkClearText(pool, key);
    checkOptions(pool, key);
  }

  /// What the pool's kind cannot do is refused.
  private void checkOptions(PoolSettings pool, String key) {
    if (pool.storage() == Storage.SEPARATE)
      checkOption(pool, Option.SEPARATE_STORAGE, key + ".storage");
    if (pool.storage() == Storage.REPLICATED) {
      checkOption(pool, Option.REPLICATED_STORAGE, key + ".storage");
    }
    if (pool.dumbHttp()) checkOption(pool, Option.DUMB_HTTP, key + ".dumb-http");
    if (pool.actAs() instanceof ActAsSettings.ActAsHeader) {
      checkOption(pool, Option.IDENTITY_HEADER, key + ".act-as");
    }
  }

  private void checkOption(PoolSettings pool, Option option, String key) {
    Backend backend = pool.backend();
    backend
        .objectionTo(option)
        .ifPresent(reason -> problems.error(key, "kind " + backend.kind() + " " + reason));
  }

  private void checkPrimary(PoolSettings pool, String key) {
    List<String> names = pool.nodes().stream().map(NodeSettings::name).toList();
    boolean replicated = pool.storage() == Storage.REPLICATED;
    if (replicated && pool.primary().isEmpty()) {
      problems.error(
          key, "primary is missing: replicated storage needs one node that takes the writes");
    }
    if (pool.primary().isPresent()) {
      String primary = pool.primary().get();
      if (!replicated && !problems.hasErrorAt(key + ".storage")) {
        problems.error(key + ".primary", "only replicated storage has a primary");
      } else if (!names.contains(primary)) {
        problems.error(
            key + ".primary",
            "there is no node \"" + primary + "\"",
            Suggestion.closest(primary, names));
      }
    }
  }

  private void checkCaFile(Path file, String key) {
    try {
      Pem.certificates(file);
    } catch (IllegalArgumentException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
    }
  }

  private void checkKnownHostsFile(Path file, String key) {
    try {
      TextFile.read(file);
    } catch (IllegalArgumentException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
      return;
    }
    problems.warning(key, "has no effect yet: nodes are reached over HTTP only");
  }

  private void checkUrls(PoolSettings pool, String key) {
    Map<URI, String> nodeOfUrl = new HashMap<>();
    for (NodeSettings node : pool.nodes()) {
      String nodeKey = key + ".nodes." + node.name();
      if (problems.hasErrorAt(nodeKey)) {
        continue;
      }
      if (node.origin().secure() && node.origin().host().indexOf('_') >= 0) {
        problems.error(
            nodeKey, "a certificate cannot be verified for a host name with _; use another name");
      }
      String other = nodeOfUrl.putIfAbsent(node.url(), node.name());
      if (other != null) {
        problems.warning(nodeKey, "has the same URL as node \"" + other + "\"");
      }
    }
  }

  /// The proxy's own secrets (identity headers, service credentials) are never sent unencrypted
  /// unless the pool allows it. A client's own credential is, as it would be without the proxy, but
  /// the operator should know.
  private void checkClearText(PoolSettings pool, String key) {
    Optional<String> proxySecret = proxySecret(pool.actAs());
    for (NodeSettings node : pool.nodes()) {
      if (node.origin().secure() || node.origin().isLoopback()) {
        continue;
      }
      String nodeKey = key + ".nodes." + node.name();
      if (proxySecret.isPresent() && !allowsPlainHttp(pool, node)) {
        problems.error(
            nodeKey,
            proxySecret.get()
                + " would be sent unencrypted; use https://, or add a CIDR block with this node's"
                + " address to plain-http");
      } else if (proxySecret.isPresent()) {
        problems.warning(nodeKey, proxySecret.get() + " is sent unencrypted, as plain-http allows");
      } else if (pool.authentication() == Pool.Authentication.NODE) {
        problems.warning(
            nodeKey, "clients' passwords and tokens are sent unencrypted to this node");
      }
    }
  }

  private static Optional<String> proxySecret(ActAsSettings actAs) {
    return switch (actAs) {
      case ActAsSettings.ActAsNobody nobody -> Optional.empty();
      case ActAsSettings.ActAsHeader header ->
          Optional.of("the identity header \"" + header.name() + "\"");
      case ActAsSettings.ActAsServiceAccount basic ->
          Optional.of("the password of \"" + basic.user() + "\"");
    };
  }

  private static boolean allowsPlainHttp(PoolSettings pool, NodeSettings node) {
    return HostNames.parseAddress(node.origin().host())
        .map(address -> pool.plainHttp().stream().anyMatch(block -> block.contains(address)))
        .orElse(false);
  }
}
