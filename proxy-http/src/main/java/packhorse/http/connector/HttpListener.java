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
/// @param address the address to listen on; with port 0, the system selects a free port
/// @param certificates the server's certificates, one of which is selected by SNI, or the first if
///   no name matches; empty if the listener does not use TLS
/// @param addressFilter accepts the addresses from which clients may connect
/// @param httpsRedirect if present, the listener serves no requests and redirects each to HTTPS.
///   The function maps the host name that the client used (lower case, without port) to the HTTPS
///   URL of that site, or to empty if there is no such site
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
