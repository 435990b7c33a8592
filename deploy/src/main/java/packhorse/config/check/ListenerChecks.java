package packhorse.config.check;

import java.io.IOException;
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
import packhorse.config.model.Address;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Origin;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.http.tls.Pem;
import packhorse.ssh.HostKeys;

/// Checks that every listener can be opened and is safe, as far as that can be checked without
/// opening it.
record ListenerChecks(Settings settings, ProblemCollector problems) {

  void check() {
    Map<Address, String> listenerOfAddress = new HashMap<>();
    for (ListenerSettings listener : settings.listeners()) {
      String key = "listeners." + listener.name();
      if (listener.address().port() != 0) {
        String other = listenerOfAddress.putIfAbsent(listener.address(), listener.name());
        if (other != null) {
          problems.error(
              key + ".address",
              "\"%s\" is already the address of listener \"%s\""
                  .formatted(listener.address(), other));
        }
      }
      switch (listener) {
        case ListenerSettings.Http http -> checkHttp(http, key);
        case ListenerSettings.Https https -> checkHttps(https, key);
        case ListenerSettings.Ssh ssh -> checkSsh(ssh, key);
        case ListenerSettings.Status status -> {}
      }
    }
  }

  private void checkHttp(ListenerSettings.Http http, String key) {
    if (problems.hasErrorAt(key + ".redirect")) {
      return;
    }
    if (!http.redirectToHttps()) {
      if (!http.address().isLoopback()) {
        problems.warning(
            key, "has no TLS: a password is refused here unless it comes from a loopback address");
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

  private void checkHttps(ListenerSettings.Https https, String key) {
    Optional<List<X509Certificate>> chain =
        read(https.certificate(), key + ".certificate", Pem::certificates);
    Optional<PrivateKey> privateKey =
        read(
            https.privateKey(),
            key + ".key",
            file -> Pem.privateKey(file, chain.map(List::getFirst)));
    if (chain.isPresent()) {
      X509Certificate certificate = chain.get().getFirst();
      if (certificate.getNotAfter().toInstant().isBefore(Instant.now())) {
        problems.warning(
            key + ".certificate", "expired at " + certificate.getNotAfter().toInstant());
      }
      if (privateKey.isPresent() && !Pem.matches(privateKey.get(), certificate.getPublicKey())) {
        problems.error(key + ".key", "is not the key of the first certificate");
      }
    }
  }

  /// Reads a file; empty if that fails, or if the key is absent or has an error already.
  private <T> Optional<T> read(Path file, String key, Function<Path, T> read) {
    if (!problems.isPresent(key) || problems.hasErrorAt(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(file));
    } catch (IllegalArgumentException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
      return Optional.empty();
    }
  }

  private void checkHostKeys(Path folder, String key) {
    if (problems.hasErrorAt(key)) return;
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      problems.error(key, folder + " is not a folder");
      return;
    }
    try {
      HostKeys.read(folder);
    } catch (IOException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
    }
  }

  private void checkSsh(ListenerSettings.Ssh ssh, String key) {
    checkHostKeys(ssh.hostKeyFolder(), key + ".host-keys");
    List<String> sites = settings.sites().stream().map(SiteSettings::name).toList();
    if (ssh.site().isEmpty() && !problems.hasErrorAt(key + ".site")) {
      problems.error(
          key,
          "site is missing: SSH transmits no host name, and this address could be that of "
              + String.join(", ", sites));
    } else if (!sites.contains(ssh.site()) && !ssh.site().isEmpty()) {
      problems.error(
          key + ".site",
          "there is no site \"" + ssh.site() + "\"",
          Suggestion.closest(ssh.site(), sites));
    }
  }
}
