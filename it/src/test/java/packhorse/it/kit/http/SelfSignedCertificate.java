package packhorse.it.kit.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A key pair and a self-signed certificate, for nodes and listeners of the tests.
public record SelfSignedCertificate(KeyPair keyPair, X509Certificate certificate) {

  /// Creates a certificate that is valid now, for these DNS names and IP addresses.
  public static SelfSignedCertificate forNames(String... names) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      return new SelfSignedCertificate(pair, sign(pair, List.of(names)));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("creating a certificate", e);
    }
  }

  /// Creates a certificate for `localhost`, `127.0.0.1` and `::1`.
  public static SelfSignedCertificate forLoopback() {
    return forNames("localhost", "127.0.0.1", "::1");
  }

  /// Returns the certificate as PEM, as `http.sslCAInfo` expects it.
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Returns the private key as PEM (PKCS#8).
  public String keyPem() {
    return pem("PRIVATE KEY", keyPair.getPrivate().getEncoded());
  }

  /// Writes `NAME.pem` and `NAME.key` into a folder.
  ///
  /// @return the certificate's file
  public Path writePem(Path folder, String name) {
    try {
      Files.writeString(folder.resolve(name + ".key"), keyPem());
      return Files.writeString(folder.resolve(name + ".pem"), certificatePem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns a key store with the key and the certificate. Its password is empty.
  public KeyStore keyStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("key", keyPair.getPrivate(), new char[0], new Certificate[] {certificate});
      store.setCertificateEntry("trusted", certificate);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate sign(KeyPair pair, List<String> names)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    X500Name subject = new X500Name("CN=" + names.getFirst());
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            subject,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(30, ChronoUnit.DAYS)),
            subject,
            pair.getPublic());
    var alternatives = new ArrayList<GeneralName>();
    for (String name : names) {
      boolean address = name.contains(":") || name.matches("[0-9.]+");
      alternatives.add(
          new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
    }
    GeneralNames all = new GeneralNames(alternatives.toArray(GeneralName[]::new));
    builder.addExtension(Extension.subjectAlternativeName, false, all);
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
