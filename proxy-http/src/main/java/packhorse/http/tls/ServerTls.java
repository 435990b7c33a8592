package packhorse.http.tls;

import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;

/// Makes the TLS settings of listeners: TLS 1.2 and 1.3, only ciphers with forward secrecy and
/// authenticated encryption. The certificate is selected by the server name that the client
/// indicates (RFC 6066 §3). If none matches, or the client indicates no name, the first one is
/// used: only the Host of a request says which site is meant.
public final class ServerTls {
  private ServerTls() {}

  /// Makes the settings of one listener.
  ///
  /// @throws IllegalArgumentException for a certificate or key that cannot be used
  public static SslContextFactory.Server contextFactory(List<Pem.ServerCertificate> certificates) {
    var tls = new SniServerTls(certificates.size());
    tls.setKeyStore(Pem.keyStore(certificates));
    tls.setKeyStorePassword(Pem.PASSWORD);
    tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    tls.addExcludeCipherSuites(".*_CBC_.*", "TLS_RSA_.*");
    tls.setRenegotiationAllowed(false);
    tls.setSniRequired(false);
    return tls;
  }

  private static final class SniServerTls extends SslContextFactory.Server {
    private final int certificateCount;

    SniServerTls(int certificateCount) {
      this.certificateCount = certificateCount;
    }

    @Override
    protected X509ExtendedKeyManager newSniX509ExtendedKeyManager(X509ExtendedKeyManager keys) {
      return new SniKeyManager(keys, this, this::certificates);
    }

    private List<X509> certificates() {
      return IntStream.range(0, certificateCount).mapToObj(i -> getX509(Pem.alias(i))).toList();
    }
  }
}
