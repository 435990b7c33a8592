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
import packhorse.config.Address;
import packhorse.config.Cidr;
import packhorse.config.ListenerSettings;
import packhorse.config.Settings;
import packhorse.config.SiteSettings;
import packhorse.config.Timeouts;
import packhorse.http.FrontSettings;
import packhorse.http.HttpListener;
import packhorse.http.Pem;
import packhorse.request.CannotListen;
import packhorse.ssh.HostKeys;
import packhorse.ssh.SshSettings;

/// Says in the fronts' own words what the configuration says of listeners. Used by the assembly
/// only.
///
/// @param firstStart whether host keys that are not there are made
record FrontParts(Settings settings, boolean firstStart) {

  /// A listener for monitoring.
  record Status(String name, InetSocketAddress address, Predicate<InetAddress> admits) {}

  List<HttpListener> http() throws CannotListen {
    List<HttpListener> listeners = new ArrayList<>();
    for (ListenerSettings listener : settings.listeners()) {
      switch (listener) {
        case ListenerSettings.Http http -> listeners.add(plain(http));
        case ListenerSettings.Https https -> listeners.add(encrypted(https));
        case ListenerSettings.Ssh ssh -> {}
        case ListenerSettings.Status status -> {}
      }
    }
    return listeners;
  }

  private HttpListener plain(ListenerSettings.Http http) throws CannotListen {
    Optional<Function<String, Optional<URI>>> redirect =
        http.redirectToHttps() ? Optional.of(this::encrypted) : Optional.empty();
    return new HttpListener(http.name(), at(http), List.of(), admits(http), redirect);
  }

  private HttpListener encrypted(ListenerSettings.Https https) throws CannotListen {
    var identity = new Pem.Identity(https.certificate(), https.key());
    return new HttpListener(
        https.name(), at(https), List.of(identity), admits(https), Optional.empty());
  }

  private Optional<URI> encrypted(String name) {
    return settings.sites().stream()
        .map(SiteSettings::urls)
        .flatMap(List::stream)
        .filter(url -> url.secure() && url.name().equals(name))
        .map(url -> url.uri())
        .findFirst();
  }

  FrontSettings httpSettings() {
    Timeouts timeouts = settings.timeouts();
    return new FrontSettings(
        timeouts.login(), timeouts.stall(), timeouts.idle(), settings.limits().connections());
  }

  SshSettings ssh() throws IOException {
    List<SshSettings.Listener> listeners = new ArrayList<>();
    for (ListenerSettings listener : settings.listeners()) {
      if (!(listener instanceof ListenerSettings.Ssh ssh)) continue;
      HostKeys keys = HostKeys.in(ssh.hostKeys(), firstStart);
      listeners.add(new SshSettings.Listener(ssh.name(), at(ssh), keys, admits(ssh)));
    }
    Timeouts timeouts = settings.timeouts();
    var patience =
        new SshSettings.Patience(
            timeouts.login(), timeouts.idle(), timeouts.client(), timeouts.stall());
    return new SshSettings(listeners, patience, settings.limits().connections());
  }

  List<Status> status() throws CannotListen {
    List<Status> listeners = new ArrayList<>();
    for (ListenerSettings listener : settings.listeners()) {
      if (!(listener instanceof ListenerSettings.Status status)) continue;
      listeners.add(new Status(status.name(), at(status), admits(status)));
    }
    return listeners;
  }

  private static InetSocketAddress at(ListenerSettings listener) throws CannotListen {
    Address address = listener.address();
    var found = new InetSocketAddress(address.name(), address.port());
    if (found.isUnresolved()) {
      throw new CannotListen(listener.name(), found, new UnknownHostException(address.name()));
    }
    return found;
  }

  private static Predicate<InetAddress> admits(ListenerSettings listener) {
    List<Cidr> from = listener.allowFrom();
    return address -> from.isEmpty() || from.stream().anyMatch(block -> block.contains(address));
  }
}
