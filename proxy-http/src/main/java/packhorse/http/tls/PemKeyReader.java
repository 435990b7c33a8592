package packhorse.http.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
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

/// Reads private keys: PKCS#8, PKCS#1 (RFC 8017) and SEC1 (RFC 5915). Called by [Pem].
final class PemKeyReader {
  private static final byte[] SAMPLE =
      "sample of a key pair check".getBytes(StandardCharsets.US_ASCII);

  private PemKeyReader() {}

  /// Reads the first private key of a file.
  ///
  /// @param certificate the certificate of the key; supplies the curve if a SEC1 key does not name
  ///   its own
  /// @throws IllegalArgumentException if the file cannot be read or has no unencrypted key
  static PrivateKey read(Path file, Optional<X509Certificate> certificate) {
    try {
      for (Object object : Pem.objects(file)) {
        if (object instanceof PEMKeyPair pair) {
          return convert(pair.getPrivateKeyInfo(), certificate);
        }
        if (object instanceof PrivateKeyInfo key) return convert(key, certificate);
      }
    } catch (IOException | CertificateEncodingException e) {
      throw new IllegalArgumentException("file " + file + " has no valid private key", e);
    }
    throw Pem.unusable(file, "has no private key without passphrase");
  }

  private static PrivateKey convert(PrivateKeyInfo key, Optional<X509Certificate> certificate)
      throws IOException, CertificateEncodingException {
    if (certificate.isEmpty()) return new JcaPEMKeyConverter().getPrivateKey(key);
    AlgorithmIdentifier algorithm = key.getPrivateKeyAlgorithm();
    AlgorithmIdentifier certified =
        new JcaX509CertificateHolder(certificate.get()).getSubjectPublicKeyInfo().getAlgorithm();
    boolean curveMissing =
        algorithm.getParameters() == null
            && algorithm.getAlgorithm().equals(certified.getAlgorithm());
    PrivateKeyInfo complete =
        curveMissing ? new PrivateKeyInfo(certified, key.parsePrivateKey()) : key;
    return new JcaPEMKeyConverter().getPrivateKey(complete);
  }

  /// Whether the public key verifies a signature of the private key.
  static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
    try {
      return family(privateKey).equals(family(publicKey)) && verifies(privateKey, publicKey);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean verifies(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  private static String family(Key key) {
    return key.getAlgorithm().equals("ECDSA") ? "EC" : key.getAlgorithm();
  }
}
