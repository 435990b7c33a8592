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
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/// Reads private keys: PKCS#8, PKCS#1 (RFC 8017) and SEC1 (RFC 5915). Called by [Pem].
final class PemKeyReader {
  private static final byte[] SAMPLE =
      "sample of a key pair check".getBytes(StandardCharsets.US_ASCII);

  private PemKeyReader() {}

  /// Reads the private key of a file.
  ///
  /// @param certificate the certificate of the key; supplies the curve if a SEC1 key does not name
  ///   its own
  /// @throws IllegalArgumentException if the file cannot be read, or does not have exactly one key,
  ///   unencrypted
  static PrivateKey read(Path file, Optional<X509Certificate> certificate) {
    List<Object> keys = Pem.objects(file).stream().filter(PemKeyReader::isPrivateKey).toList();
    if (keys.isEmpty()) throw Pem.unusable(file, "has no private key");
    if (keys.size() > 1) throw Pem.unusable(file, "has more than one private key");
    try {
      return switch (keys.getFirst()) {
        case PEMKeyPair pair -> convert(pair.getPrivateKeyInfo(), certificate);
        case PrivateKeyInfo info -> convert(info, certificate);
        default -> throw Pem.unusable(file, "has a private key with a passphrase");
      };
    } catch (IOException | CertificateEncodingException e) {
      throw new IllegalArgumentException("file " + file + " has no valid private key", e);
    }
  }

  private static boolean isPrivateKey(Object object) {
    return switch (object) {
      case PEMKeyPair plain -> true;
      case PrivateKeyInfo plain -> true;
      case PEMEncryptedKeyPair encrypted -> true;
      case PKCS8EncryptedPrivateKeyInfo encrypted -> true;
      default -> false;
    };
  }

  /// Whether a PEM object is a private key, or the name or parameters of a curve, which OpenSSL
  /// writes in front of a key.
  static boolean isPartOfKey(Object object) {
    return isPrivateKey(object)
        || object instanceof ASN1ObjectIdentifier
        || object instanceof X9ECParameters;
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
