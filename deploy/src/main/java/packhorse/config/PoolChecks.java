package packhorse.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import packhorse.http.Pem;

/// Checks each pool by itself: its nodes, and what may be sent to them.
record PoolChecks(Settings settings, Problems problems) {

  void check() {
    settings.pools().forEach(pool -> check(pool, "pools." + pool.name()));
  }

  private void check(PoolSettings pool, String key) {
    if (pool.nodes().isEmpty() && problems.knows(key + ".nodes")) {
      problems.error(key + ".nodes", "is empty");
    }
    primary(pool, key);
    pool.ca().ifPresent(file -> ca(file, key + ".ca"));
    pool.knownHosts().ifPresent(file -> knownHosts(file, key + ".known-hosts"));
    urls(pool, key);
    if (pool.kind() == PoolSettings.Kind.PLAIN) {
      clearText(pool, key);
    }
  }

  private void primary(PoolSettings pool, String key) {
    List<String> names = pool.nodes().stream().map(NodeSettings::name).toList();
    boolean replicated = pool.storage() == PoolSettings.Storage.REPLICATED;
    if (replicated && pool.primary().isEmpty()) {
      problems.error(key, "primary is missing: replicated storage has one node that takes writes");
    }
    if (pool.primary().isPresent()) {
      String primary = pool.primary().get();
      if (!replicated && !problems.brokenAt(key + ".storage")) {
        problems.error(key + ".primary", "only replicated storage has a primary");
      } else if (!names.contains(primary)) {
        problems.error(
            key + ".primary",
            "there is no node \"" + primary + "\"",
            Suggestion.of(primary, names));
      }
    }
  }

  private void ca(Path file, String key) {
    try {
      Pem.certificates(file);
    } catch (IllegalArgumentException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
    }
  }

  private void knownHosts(Path file, String key) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      problems.error(key, "file " + file + " cannot be read");
      return;
    }
    problems.warning(key, "has no effect yet: nodes are reached over HTTP only");
  }

  private void urls(PoolSettings pool, String key) {
    Map<URI, String> seen = new HashMap<>();
    for (NodeSettings node : pool.nodes()) {
      String nodeKey = key + ".nodes." + node.name();
      if (problems.brokenAt(nodeKey)) {
        continue;
      }
      if (node.origin().secure() && node.origin().name().indexOf('_') >= 0) {
        problems.error(
            nodeKey, "no certificate can be checked for a name with _: give the node another name");
      }
      String other = seen.putIfAbsent(node.http(), node.name());
      if (other != null) {
        problems.warning(nodeKey, "has the URL of node \"" + other + "\"");
      }
    }
  }

  /// Ours (identity headers, service credentials) never travels unencrypted unless the pool says
  /// so; a client's own credential does, as it would without us, but the operator should know.
  private void clearText(PoolSettings pool, String key) {
    Optional<String> ours = ours(pool.actAs());
    for (NodeSettings node : pool.nodes()) {
      if (node.origin().secure() || node.origin().loopback()) {
        continue;
      }
      String nodeKey = key + ".nodes." + node.name();
      if (ours.isPresent() && !allowed(pool, node)) {
        problems.error(
            nodeKey,
            ours.get()
                + " would travel unencrypted; say https://, or plain-http with a block of addresses"
                + " that has this node's");
      } else if (ours.isPresent()) {
        problems.warning(nodeKey, ours.get() + " travels unencrypted, as plain-http allows");
      } else if (pool.authentication() == PoolSettings.Authentication.NODE) {
        problems.warning(nodeKey, "clients' passwords and tokens travel unencrypted to this node");
      }
    }
  }

  private static Optional<String> ours(ActAs actAs) {
    return switch (actAs) {
      case ActAs.Nobody nobody -> Optional.empty();
      case ActAs.Header header -> Optional.of("the identity header \"" + header.name() + "\"");
      case ActAs.Basic basic -> Optional.of("the password of \"" + basic.user() + "\"");
    };
  }

  private static boolean allowed(PoolSettings pool, NodeSettings node) {
    return Names.literal(node.origin().name())
        .map(address -> pool.plainHttp().stream().anyMatch(block -> block.contains(address)))
        .orElse(false);
  }
}
