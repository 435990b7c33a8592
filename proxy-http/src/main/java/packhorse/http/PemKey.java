package packhorse.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Reads private keys: PKCS#8, PKCS#1 (RFC 8017) and SEC1 (RFC 5915). Called by {@link Pem}.
final class PemKey {
  private static final byte[] SAMPLE =
      "whether these two belong together".getBytes(StandardCharsets.US_ASCII);

  private PemKey() {}

  /// The key in a file.
  ///
  /// @param certificate that it may belong to: a key in SEC1 form may leave its curve out
  /// @throws IllegalArgumentException for a file that cannot be read, or holds no unencrypted key
  static PrivateKey read(Path file, Optional<X509Certificate> certificate) {
    try {
      for (Object part : Pem.parts(file)) {
        if (part instanceof PEMKeyPair pair) return key(pair.getPrivateKeyInfo(), certificate);
        if (part instanceof PrivateKeyInfo key) return key(key, certificate);
      }
    } catch (IOException | CertificateEncodingException e) {
      throw new IllegalArgumentException("file " + file + " has no valid private key", e);
    }
    throw Pem.unusable(file, "has no private key without passphrase");
  }

  private static PrivateKey key(PrivateKeyInfo key, Optional<X509Certificate> certificate)
      throws IOException, CertificateEncodingException {
    if (certificate.isEmpty()) return new JcaPEMKeyConverter().getPrivateKey(key);
    AlgorithmIdentifier algorithm = key.getPrivateKeyAlgorithm();
    AlgorithmIdentifier certified =
        new JcaX509CertificateHolder(certificate.get()).getSubjectPublicKeyInfo().getAlgorithm();
    boolean curveLeftOut =
        algorithm.getParameters() == null
            && algorithm.getAlgorithm().equals(certified.getAlgorithm());
    PrivateKeyInfo whole =
        curveLeftOut ? new PrivateKeyInfo(certified, key.parsePrivateKey()) : key;
    return new JcaPEMKeyConverter().getPrivateKey(whole);
  }

  /// Whether what one signs the other verifies.
  static boolean belongs(PrivateKey key, PublicKey certified) {
    try {
      return sameKind(key, certified) && verifies(key, certified);
    } catch (GeneralSecurityException different) {
      return false;
    }
  }

  private static boolean verifies(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(SAMPLE);
    byte[] signature = signing.sign();
    signing.initVerify(certified);
    signing.update(SAMPLE);
    return signing.verify(signature);
  }

  private static boolean sameKind(PrivateKey key, PublicKey certified) {
    return kind(key.getAlgorithm()).equals(kind(certified.getAlgorithm()));
  }

  private static String kind(String algorithm) {
    return algorithm.equals("ECDSA") ? "EC" : algorithm;
  }
}
