package packhorse.http;

import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;

/// How listeners speak TLS: 1.2 and 1.3, forward secrecy and authenticated ciphers only. The
/// certificate follows the name that the client asks for (RFC 6066 §3); where none fits, or the
/// client names none, the first one is shown, and which site is meant the Host alone says.
final class Tls {
  private Tls() {}

  static SslContextFactory.Server server(List<Pem.Identity> identities) {
    var tls = new ByName(identities.size());
    tls.setKeyStore(Pem.identities(identities));
    tls.setKeyStorePassword(Pem.PASSWORD);
    tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    tls.addExcludeCipherSuites(".*_CBC_.*", "TLS_RSA_.*");
    tls.setRenegotiationAllowed(false);
    tls.setSniRequired(false);
    return tls;
  }

  private static final class ByName extends SslContextFactory.Server {
    private final int count;

    ByName(int count) {
      this.count = count;
    }

    @Override
    protected X509ExtendedKeyManager newSniX509ExtendedKeyManager(X509ExtendedKeyManager keys) {
      return new CertificateByName(keys, this, this::all);
    }

    private List<X509> all() {
      return IntStream.range(0, count).mapToObj(i -> getX509(Pem.alias(i))).toList();
    }
  }
}
