package packhorse.http;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;
import org.jspecify.annotations.Nullable;

/// How listeners speak TLS: 1.2 and 1.3, forward secrecy and authenticated ciphers only. The
/// certificate follows the name that the client asks for (RFC 6066 §3); where none fits, or the
/// client names none, the first one is shown, and which site is meant the Host alone says.
final class Tls {
  private Tls() {}

  static SslContextFactory.Server server(List<Pem.Identity> identities) {
    var tls = new SslContextFactory.Server();
    tls.setKeyStore(Pem.identities(identities));
    tls.setKeyStorePassword(Pem.PASSWORD);
    tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    tls.addExcludeCipherSuites(".*_CBC_.*", "TLS_RSA_.*");
    tls.setRenegotiationAllowed(false);
    tls.setSniRequired(false);
    int count = identities.size();
    tls.setSNISelector(
        (keyType, issuers, session, name, usable) -> alias(all(tls, count), name, usable));
    return tls;
  }

  private static List<X509> all(SslContextFactory.Server tls, int count) {
    return IntStream.range(0, count).mapToObj(i -> tls.getX509(Pem.alias(i))).toList();
  }

  /// The certificate for a name among those that this handshake can use; none if a better one is of
  /// another kind of key: then the same question comes again for that kind.
  private static @Nullable String alias(
      List<X509> all, @Nullable String name, Collection<X509> usable) {
    if (name != null) {
      List<X509> fitting = usable.stream().filter(one -> one.matches(name)).toList();
      if (!fitting.isEmpty()) {
        // a name of its own fits better than a wildcard
        Comparator<X509> exact = Comparator.comparingInt(one -> one.getWilds().size());
        return fitting.stream().min(exact).orElseThrow().getAlias();
      }
      if (all.stream().anyMatch(one -> one.matches(name))) return null;
    }
    String first = all.getFirst().getAlias();
    return usable.stream().anyMatch(one -> one.getAlias().equals(first)) ? first : null;
  }
}
