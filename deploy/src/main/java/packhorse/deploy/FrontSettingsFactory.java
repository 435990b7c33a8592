package packhorse.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import packhorse.config.model.Address;
import packhorse.config.model.ListenerSettings;
import packhorse.config.model.Origin;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.config.model.TimeoutSettings;
import packhorse.file.PrivateFile;
import packhorse.http.connector.FrontSettings;
import packhorse.http.connector.HttpListener;
import packhorse.http.tls.Pem;
import packhorse.policy.CidrBlock;
import packhorse.request.BindFailedException;
import packhorse.ssh.HostKeys;
import packhorse.ssh.SshSettings;

/// Creates the listeners and settings of the fronts from the configuration. Used by [Assembly]
/// only.
///
/// @param settings the whole configuration
/// @param firstStart whether this is the first start, at which missing SSH host keys are generated
record FrontSettingsFactory(Settings settings, boolean firstStart) {

  /// The settings of a status listener, which serves pages for monitoring.
  ///
  /// @param admits whether a client with this address may connect
  record StatusSettings(String name, InetSocketAddress address, Predicate<InetAddress> admits) {}

  /// Creates the http and https listeners.
  ///
  /// @throws BindFailedException if the host name of a listener has no address
  List<HttpListener> createHttpListeners() throws BindFailedException {
    List<HttpListener> listeners = new ArrayList<>();
    for (ListenerSettings listener : settings.listeners()) {
      switch (listener) {
        case ListenerSettings.Http http -> listeners.add(httpListener(http));
        case ListenerSettings.Https https -> listeners.add(httpsListener(https));
        case ListenerSettings.Ssh ssh -> {}
        case ListenerSettings.Status status -> {}
      }
    }
    return listeners;
  }

  private HttpListener httpListener(ListenerSettings.Http http) throws BindFailedException {
    Optional<Function<String, Optional<URI>>> redirect =
        http.redirectToHttps() ? Optional.of(this::httpsUrl) : Optional.empty();
    return new HttpListener(http.name(), address(http), List.of(), admits(http), redirect);
  }

  private HttpListener httpsListener(ListenerSettings.Https https) throws BindFailedException {
    var certificate = new Pem.ServerCertificate(https.certificate(), https.privateKey());
    return new HttpListener(
        https.name(), address(https), List.of(certificate), admits(https), Optional.empty());
  }

  // The https URL of the site with this host name; empty if no site has one.
  private Optional<URI> httpsUrl(String host) {
    return settings.sites().stream()
        .map(SiteSettings::urls)
        .flatMap(List::stream)
        .filter(url -> url.secure() && url.host().equals(host))
        .map(Origin::uri)
        .findFirst();
  }

  /// Creates the settings that all http and https listeners share.
  FrontSettings createHttpSettings() {
    TimeoutSettings timeouts = settings.timeouts();
    return new FrontSettings(
        timeouts.login(), timeouts.stall(), timeouts.idle(), settings.limits().connections());
  }

  /// Creates the settings of the SSH front and of its listeners. Loads the host keys.
  ///
  /// @throws IOException if the host name of a listener has no address, or if host keys cannot be
  ///   loaded or generated
  SshSettings createSshSettings() throws IOException {
    List<SshSettings.Listener> listeners = new ArrayList<>();
    for (ListenerSettings listener : settings.listeners()) {
      if (!(listener instanceof ListenerSettings.Ssh ssh)) continue;
      listeners.add(new SshSettings.Listener(ssh.name(), address(ssh), hostKeys(ssh), admits(ssh)));
    }
    TimeoutSettings timeouts = settings.timeouts();
    var clientTimeouts =
        new SshSettings.ClientTimeouts(
            timeouts.login(), timeouts.idle(), timeouts.client(), timeouts.stall());
    return new SshSettings(listeners, clientTimeouts, settings.limits().connections());
  }

  private HostKeys hostKeys(ListenerSettings.Ssh ssh) throws IOException {
    try {
      HostKeys hostKeys = HostKeys.load(ssh.hostKeyFolder(), firstStart);
      hostKeys.files().forEach(PrivateFile::restrict);
      return hostKeys;
    } catch (IOException e) {
      throw new IOException("listeners." + ssh.name() + ".host-keys: " + e.getMessage(), e);
    }
  }

  /// Creates the settings of the status listeners.
  ///
  /// @throws BindFailedException if the host name of a listener has no address
  List<StatusSettings> createStatusSettings() throws BindFailedException {
    List<StatusSettings> listeners = new ArrayList<>();
    for (ListenerSettings listener : settings.listeners()) {
      if (!(listener instanceof ListenerSettings.Status status)) continue;
      listeners.add(new StatusSettings(status.name(), address(status), admits(status)));
    }
    return listeners;
  }

  // Resolves the host name of a listener.
  private static InetSocketAddress address(ListenerSettings listener) throws BindFailedException {
    Address address = listener.address();
    var resolved = new InetSocketAddress(address.host(), address.port());
    if (resolved.isUnresolved()) {
      throw new BindFailedException(
          listener.name(), resolved, new UnknownHostException(address.host()));
    }
    return resolved;
  }

  // Without allowed blocks, every client may connect.
  private static Predicate<InetAddress> admits(ListenerSettings listener) {
    List<CidrBlock> blocks = listener.allowFrom();
    return address ->
        blocks.isEmpty() || blocks.stream().anyMatch(block -> block.contains(address));
  }
}
