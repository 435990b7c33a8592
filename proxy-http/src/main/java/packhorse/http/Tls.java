package packhorse.http;

import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// How listeners speak TLS: 1.2 and 1.3, forward secrecy and authenticated ciphers only.
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
    return tls;
  }
}
