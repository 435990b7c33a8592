package packhorse.http.connector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import packhorse.http.tls.Pem;

/// An address on which the HTTP front accepts connections, as configured. Immutable.
///
/// @param name the configured name
/// @param address port 0 takes a free one
/// @param certificates selected by SNI, the first one if no name matches; empty if the listener
///   does not use TLS
/// @param addressFilter whether a client's address may connect
/// @param httpsRedirect the HTTPS URL of a site by the host name that the client used (lower case,
///   without port), empty if there is no such site. If present, no request is served here: each is
///   redirected
public record HttpListener(
    String name,
    InetSocketAddress address,
    List<Pem.ServerCertificate> certificates,
    Predicate<InetAddress> addressFilter,
    Optional<Function<String, Optional<URI>>> httpsRedirect) {

  public HttpListener {
    certificates = List.copyOf(certificates);
  }

  /// Whether the listener uses TLS.
  public boolean encrypted() {
    return !certificates.isEmpty();
  }
}
