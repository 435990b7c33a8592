package packhorse.http;

import java.security.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SniX509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.jspecify.annotations.Nullable;

/// Chooses the certificate that a client is shown. Nothing is written into the session meanwhile,
/// as Jetty's own chooser does: the JDK answers a written session with a ticket of its own in the
/// midst of the first request, which some clients (curl 7.88) take for a connection that is dead.
final class CertificateByName extends SniX509ExtendedKeyManager {
  private final Supplier<List<X509>> all;

  /// @param all in their order; the first is shown where no name fits
  CertificateByName(
      X509ExtendedKeyManager keys, SslContextFactory.Server tls, Supplier<List<X509>> all) {
    super(keys, tls);
    this.all = all;
  }

  @Override
  protected @Nullable String chooseServerAlias(
      String keyType,
      Principal @Nullable [] issuers,
      @Nullable Collection<SNIMatcher> matchers,
      SSLSession session) {
    String[] usable = getServerAliases(keyType, issuers);
    if (usable == null) return null;
    List<String> names = Arrays.asList(usable);
    String asked = asked(session);
    if (asked != null) {
      List<X509> fitting = all.get().stream().filter(one -> one.matches(asked)).toList();
      Stream<X509> here = fitting.stream().filter(one -> names.contains(one.getAlias()));
      // a name of its own fits better than a wildcard
      var best = here.min(Comparator.comparingInt(one -> one.getWilds().size()));
      if (best.isPresent()) return best.get().getAlias();
      // a better one is of another kind of key: the same question comes again for that kind
      if (!fitting.isEmpty()) return null;
    }
    String first = all.get().getFirst().getAlias();
    return names.contains(first) ? first : null;
  }

  private static @Nullable String asked(SSLSession session) {
    if (!(session instanceof ExtendedSSLSession extended)) return null;
    return extended.getRequestedServerNames().stream()
        .filter(SNIHostName.class::isInstance)
        .map(name -> ((SNIHostName) name).getAsciiName())
        .findFirst()
        .orElse(null);
  }
}
