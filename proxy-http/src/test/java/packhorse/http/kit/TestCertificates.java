package packhorse.http.kit;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import packhorse.http.tls.Pem;

/// Makes self-signed certificates and their keys as PEM files.
public final class TestCertificates {
  private final Path folder;

  /// The formats of private keys: RSA, EC or Ed25519, as PKCS#8 or in the older format of the
  /// algorithm (PKCS#1, SEC1).
  public enum KeyFormat {
    RSA_PKCS8("RSA", 2048, true),
    RSA_PKCS1("RSA", 2048, false),
    EC_PKCS8("EC", 256, true),
    EC_SEC1("EC", 256, false),
    ED25519_PKCS8("Ed25519", 255, true);

    private final String algorithm;
    private final int size;
    private final boolean pkcs8;

    KeyFormat(String algorithm, int size, boolean pkcs8) {
      this.algorithm = algorithm;
      this.size = size;
      this.pkcs8 = pkcs8;
    }
  }

  public TestCertificates(Path folder) {
    this.folder = folder;
  }

  public Pem.ServerCertificate selfSigned(String name, KeyFormat format) throws Exception {
    KeyPair pair = format.algorithm.equals("RSA") ? RsaKey.PAIR : generate(format);
    Path certificate = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + ".key");
    write(certificate, new JcaMiscPEMGenerator(signed(name, format, pair)));
    write(
        key,
        format.pkcs8
            ? new JcaPKCS8Generator(pair.getPrivate(), null)
            : new JcaMiscPEMGenerator(pair.getPrivate()));
    return new Pem.ServerCertificate(certificate, key);
  }

  /// One key for all RSA certificates: Java takes seconds to find one.
  private static final class RsaKey {
    static final KeyPair PAIR = generate(KeyFormat.RSA_PKCS8);
  }

  private static KeyPair generate(KeyFormat format) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(format.algorithm);
      generator.initialize(format.size);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509CertificateHolder signed(String name, KeyFormat format, KeyPair pair)
      throws IOException, OperatorCreationException, GeneralSecurityException {
    var subject = new X500Name("CN=" + name);
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            subject,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            subject,
            pair.getPublic());
    int kind = Character.isDigit(name.charAt(0)) ? GeneralName.iPAddress : GeneralName.dNSName;
    var names = new GeneralNames(new GeneralName(kind, name));
    builder.addExtension(Extension.subjectAlternativeName, false, names);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    String algorithm =
        switch (format.algorithm) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> format.algorithm;
        };
    return builder.build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate()));
  }

  private static void write(Path file, PemObjectGenerator object) throws IOException {
    var text = new StringWriter();
    try (var pem = new PemWriter(text)) {
      pem.writeObject(object);
    }
    Files.writeString(file, text.toString());
  }
}
