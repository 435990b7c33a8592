package packhorse.config.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

  /// Checks all listeners, and returns the server's own certificate of each https listener by the
  /// listener's name, as far as they can be read.
  Map<String, X509Certificate> check() {
    Map<Address, String> listenerOfAddress = new HashMap<>();
    Map<String, X509Certificate> certificates = new LinkedHashMap<>();
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
        case ListenerSettings.Https https ->
            checkHttps(https, key).ifPresent(c -> certificates.put(https.name(), c));
        case ListenerSettings.Ssh ssh -> checkSsh(ssh, key);
        case ListenerSettings.Status status -> {}
      }
    }
    return certificates;
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

  private Optional<X509Certificate> checkHttps(ListenerSettings.Https https, String key) {
    Optional<List<X509Certificate>> chain =
        read(https.certificate(), key + ".certificate", Pem::certificates);
    Optional<PrivateKey> privateKey =
        read(
            https.privateKey(),
            key + ".key",
            file -> Pem.privateKey(file, chain.map(List::getFirst)));
    Optional<X509Certificate> own = chain.map(List::getFirst);
    own.ifPresent(certificate -> {
      checkTime(certificate, key + ".certificate");
      if (privateKey.isPresent() && !Pem.matches(privateKey.get(), certificate.getPublicKey())) {
        problems.error(key + ".key", "is not the key of the first certificate");
      }
    });
    return own;
  }

  private void checkTime(X509Certificate certificate, String key) {
    Instant notBefore = certificate.getNotBefore().toInstant();
    Instant notAfter = certificate.getNotAfter().toInstant();
    if (notBefore.isAfter(Instant.now())) {
      problems.warning(key, "is not valid before " + notBefore);
    } else if (notAfter.isBefore(Instant.now())) {
      problems.warning(key, "expired at " + notAfter);
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

  private void checkHostKeys(ListenerSettings.Ssh ssh, String key) {
    if (problems.hasErrorAt(key)) return;
    Path folder = ssh.hostKeyFolder();
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      problems.error(key, folder + " is not a folder");
      return;
    }
    try {
      HostKeys hostKeys = HostKeys.read(folder);
      var modes = new FileModeChecks(settings, problems);
      hostKeys.files().forEach(file -> modes.warnIfOpen(key, file));
      List<String> present = hostKeys.fingerprints();
      Optional<StartRecord> lastStart = StartRecord.read(settings.state().directory());
      lastStart.ifPresent(record -> checkLostKeys(record.hostKeys(ssh.name()), present, ssh, key));
    } catch (IOException unusable) {
      problems.error(key, String.valueOf(unusable.getMessage()));
    }
  }

  private void checkLostKeys(
      List<String> known, List<String> present, ListenerSettings.Ssh ssh, String key) {
    if (present.isEmpty()) {
      problems.error(
          key,
          ssh.hostKeyFolder()
              + " has no host key, and this is not the first start, the only one that generates"
              + " them: bring back those that clients know, or make some with ssh-keygen");
      return;
    }
    for (String lost : known) {
      if (!present.contains(lost)) {
        problems.warning(
            key, lost + " is gone since the last start: clients that know only this key refuse");
      }
    }
  }

  private void checkSsh(ListenerSettings.Ssh ssh, String key) {
    checkHostKeys(ssh, key + ".host-keys");
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
