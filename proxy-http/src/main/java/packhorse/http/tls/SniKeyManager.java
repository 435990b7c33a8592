package packhorse.http.tls;

import java.security.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SniX509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.jspecify.annotations.Nullable;

/// Selects the certificate of a listener by the server name that a client indicates (SNI). Jetty
/// calls it during each TLS handshake. Unlike Jetty's own key manager, it stores nothing in the TLS
/// session: after a change of the session, the JDK sends another session ticket while the first
/// request is being processed, and some clients (curl 7.88) then consider the connection dead.
final class SniKeyManager extends SniX509ExtendedKeyManager {
  private final Supplier<List<X509>> certificates;

  /// @param keys the private keys of the certificates
  /// @param certificates in the order of the listener's configuration; the first one is used if
  ///   none matches the name, or if the client indicates no name
  SniKeyManager(
      X509ExtendedKeyManager keys,
      SslContextFactory.Server tls,
      Supplier<List<X509>> certificates) {
    super(keys, tls);
    this.certificates = certificates;
  }

  @Override
  protected @Nullable String chooseServerAlias(
      String keyType,
      Principal @Nullable [] issuers,
      @Nullable Collection<SNIMatcher> matchers,
      SSLSession session) {
    String[] aliasesOfKeyType = getServerAliases(keyType, issuers);
    if (aliasesOfKeyType == null) return null;
    List<String> usable = Arrays.asList(aliasesOfKeyType);
    String serverName = serverName(session);
    if (serverName != null) {
      List<X509> matching =
          certificates.get().stream().filter(x509 -> x509.matches(serverName)).toList();
      // A certificate for the name itself is preferred to one with a wildcard.
      var best =
          matching.stream()
              .filter(x509 -> usable.contains(x509.getAlias()))
              .min(Comparator.comparingInt(x509 -> x509.getWilds().size()));
      if (best.isPresent()) return best.get().getAlias();
      // A matching certificate has a key of another type: the JDK calls again with that type.
      if (!matching.isEmpty()) return null;
    }
    String first = certificates.get().getFirst().getAlias();
    return usable.contains(first) ? first : null;
  }

  private static @Nullable String serverName(SSLSession session) {
    if (!(session instanceof ExtendedSSLSession extended)) return null;
    return extended.getRequestedServerNames().stream()
        .filter(SNIHostName.class::isInstance)
        .map(name -> ((SNIHostName) name).getAsciiName())
        .findFirst()
        .orElse(null);
  }
}
