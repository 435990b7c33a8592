package packhorse.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// A certificate chain and the private key that belongs to it, from PEM files. Read by the checks,
/// and by `Assembly` for the listener itself.
///
/// @param chain the listener's own certificate first
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {

  /// Reads both files: PKCS#8, PKCS#1 or SEC 1 keys, without a passphrase.
  ///
  /// @throws IllegalArgumentException with a sentence that names the file
  public static TlsIdentity read(Path certificate, Path key) {
    List<X509Certificate> chain = certificates(certificate);
    PrivateKey privateKey = privateKey(key);
    if (!match(chain.getFirst().getPublicKey(), privateKey)) {
      throw new IllegalArgumentException(
          "the key in file %s is not that of the first certificate in file %s"
              .formatted(key, certificate));
    }
    return new TlsIdentity(chain, privateKey);
  }

  /// Reads every certificate of a PEM file; there is at least one.
  ///
  /// @throws IllegalArgumentException with a sentence that names the file
  public static List<X509Certificate> certificates(Path file) {
    JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
    List<X509Certificate> found = new ArrayList<>();
    for (Object object : objects(file)) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          found.add(converter.getCertificate(holder));
        } catch (CertificateException malformed) {
          throw new IllegalArgumentException(
              "file " + file + " has an invalid certificate", malformed);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("file " + file + " has no certificate");
    }
    return List.copyOf(found);
  }

  /// Reads the first private key of a PEM file.
  ///
  /// @throws IllegalArgumentException with a sentence that names the file
  public static PrivateKey privateKey(Path file) {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try {
      for (Object object : objects(file)) {
        if (object instanceof PrivateKeyInfo plain) {
          return converter.getPrivateKey(plain);
        }
        if (object instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
      }
    } catch (PEMException malformed) {
      throw new IllegalArgumentException("file " + file + " has no valid private key", malformed);
    }
    throw new IllegalArgumentException("file " + file + " has no private key without passphrase");
  }

  private static List<Object> objects(Path file) {
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(SecretText.file(file)))) {
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        objects.add(found);
      }
    } catch (IOException malformed) {
      throw new IllegalArgumentException("file " + file + " is no valid PEM", malformed);
    }
    return objects;
  }

  static boolean match(PublicKey publicKey, PrivateKey privateKey) {
    String algorithm =
        switch (privateKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> privateKey.getAlgorithm();
        };
    byte[] sample = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(sample);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(sample);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException different) {
      return false;
    }
  }
}
