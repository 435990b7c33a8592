package packhorse.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import packhorse.http.Pem;

/// Checks that every listener can be opened and is safe, as far as that can be seen without opening
/// it.
record ListenerChecks(Settings settings, Problems problems) {

  void check() {
    Map<Address, String> taken = new HashMap<>();
    for (ListenerSettings listener : settings.listeners()) {
      String key = "listeners." + listener.name();
      if (listener.address().port() != 0) {
        String other = taken.putIfAbsent(listener.address(), listener.name());
        if (other != null) {
          problems.error(
              key + ".address", "\"%s\" is listener \"%s\"".formatted(listener.address(), other));
        }
      }
      switch (listener) {
        case ListenerSettings.Http http -> http(http, key);
        case ListenerSettings.Https https -> https(https, key);
        case ListenerSettings.Ssh ssh -> ssh(ssh, key);
        case ListenerSettings.Status status -> {}
      }
    }
  }

  private void http(ListenerSettings.Http http, String key) {
    if (problems.brokenAt(key + ".redirect")) {
      return;
    }
    if (!http.redirectToHttps()) {
      if (!http.address().loopback()) {
        problems.warning(
            key, "has no TLS: a password is refused here, except from this machine itself");
      }
      return;
    }
    for (SiteSettings site : settings.sites()) {
      if (site.urls().stream().noneMatch(Origin::secure)) {
        problems.error(
            key + ".redirect", "site \"" + site.name() + "\" has no https:// URL to redirect to");
      }
    }
  }

  private void https(ListenerSettings.Https https, String key) {
    Optional<List<X509Certificate>> chain =
        read(https.certificate(), key + ".certificate", Pem::certificates);
    Optional<PrivateKey> privateKey =
        read(https.key(), key + ".key", file -> Pem.key(file, chain.map(List::getFirst)));
    if (chain.isPresent()) {
      X509Certificate own = chain.get().getFirst();
      if (own.getNotAfter().toInstant().isBefore(Instant.now())) {
        problems.warning(
            key + ".certificate", "has been invalid since " + own.getNotAfter().toInstant());
      }
      if (privateKey.isPresent() && !Pem.belongs(privateKey.get(), own.getPublicKey())) {
        problems.error(key + ".key", "is not the key of the first certificate");
      }
    }
  }

  /// Reads a file, unless the key is not there.
  private <T> Optional<T> read(Path file, String key, Function<Path, T> read) {
    if (!problems.knows(key) || problems.brokenAt(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(file));
    } catch (IllegalArgumentException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
      return Optional.empty();
    }
  }

  private void ssh(ListenerSettings.Ssh ssh, String key) {
    if (Files.exists(ssh.hostKeys()) && !Files.isDirectory(ssh.hostKeys())) {
      problems.error(key + ".host-keys", ssh.hostKeys() + " is no folder");
    }
    List<String> sites = settings.sites().stream().map(SiteSettings::name).toList();
    if (ssh.site().isEmpty() && !problems.brokenAt(key + ".site")) {
      problems.error(
          key,
          "site is missing: SSH tells no name, and this address may be "
              + String.join(", ", sites));
    } else if (!sites.contains(ssh.site()) && !ssh.site().isEmpty()) {
      problems.error(
          key + ".site",
          "there is no site \"" + ssh.site() + "\"",
          Suggestion.of(ssh.site(), sites));
    }
  }
}
