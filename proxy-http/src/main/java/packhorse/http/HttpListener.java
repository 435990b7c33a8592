package packhorse.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// An address on which HTTP clients are heard, as the configuration says it. Immutable.
///
/// @param name the configured name
/// @param address port 0 takes a free one
/// @param identities the certificates to show, by SNI, the first where no name fits; none: the
///   listener is not encrypted
/// @param allowed who may connect at all
/// @param redirect where a site is found encrypted, by the name that the client called (lower case,
///   no port): if present, nothing is served here and every request is sent there; empty for a name
///   that is no site
public record HttpListener(
    String name,
    InetSocketAddress address,
    List<Pem.Identity> identities,
    Predicate<InetAddress> allowed,
    Optional<Function<String, Optional<URI>>> redirect) {

  public HttpListener {
    identities = List.copyOf(identities);
  }

  /// Whether nobody on the way can read what is said here.
  public boolean encrypted() {
    return !identities.isEmpty();
  }
}
