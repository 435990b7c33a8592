package packhorse.http.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import packhorse.file.TextFile;

/// Reads certificates and private keys from PEM files (RFC 7468; PKCS#1, PKCS#8 and SEC1 keys) and
/// creates in-memory key stores from them. Called when the configuration is checked and when the
/// proxy starts. If a file cannot be used, the message of the exception names it.
public final class Pem {
  /// The password of the in-memory key stores.
  public static final String PASSWORD = "in-memory";

  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ");

  private Pem() {}

  /// The files of a server certificate.
  ///
  /// @param chain the certificate chain, the server's own certificate first
  /// @param key the private key of the server's own certificate
  public record ServerCertificate(Path chain, Path key) {}

  /// Creates a key store with the certificates of a server and their private keys. Their aliases
  /// are those of [#alias].
  ///
  /// @throws IllegalArgumentException if a file cannot be read or used, or if a key does not match
  ///   its certificate
  public static KeyStore keyStore(List<ServerCertificate> certificates) {
    try {
      KeyStore store = emptyKeyStore();
      for (int i = 0; i < certificates.size(); i++) {
        ServerCertificate certificate = certificates.get(i);
        List<X509Certificate> chain = certificates(certificate.chain());
        PrivateKey key = privateKey(certificate.key(), Optional.of(chain.getFirst()));
        if (!matches(key, chain.getFirst().getPublicKey())) {
          throw unusable(certificate.key(), "is not the key of " + certificate.chain());
        }
        Certificate[] chainArray = chain.toArray(new Certificate[0]);
        store.setKeyEntry(alias(i), key, PASSWORD.toCharArray(), chainArray);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("certificates cannot be used: " + e.getMessage(), e);
    }
  }

  /// Creates a trust store with the certificates of a file.
  ///
  /// @throws IllegalArgumentException if the file cannot be read or used
  public static KeyStore trustStore(Path file) {
    try {
      KeyStore store = emptyKeyStore();
      List<X509Certificate> certificates = certificates(file);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry("authority-" + i, certificates.get(i));
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("file " + file + " cannot be used", e);
    }
  }

  private static KeyStore emptyKeyStore() throws GeneralSecurityException {
    try {
      // Not PKCS12, the default, which hashes the password ten thousand times for each read and
      // write of a key. That costs time for nothing, because the store never leaves memory.
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("creating an empty key store failed", e);
    }
  }

  /// Reads all certificates of a file, at least one. Private keys in it are ignored.
  ///
  /// @throws IllegalArgumentException if the file cannot be read, has no valid certificate, or has
  ///   something that is neither a certificate nor a private key
  public static List<X509Certificate> certificates(Path file) {
    var converter = new JcaX509CertificateConverter();
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Object object : objects(file)) {
        Optional<X509CertificateHolder> certificate = certificate(object);
        if (certificate.isPresent()) {
          certificates.add(converter.getCertificate(certificate.get()));
        } else if (!PemKeyReader.isPartOfKey(object)) {
          throw unusable(file, "has an object that is neither a certificate nor a private key");
        }
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException("file " + file + " has an invalid certificate", e);
    }
    if (certificates.isEmpty()) throw unusable(file, "has no certificate");
    return List.copyOf(certificates);
  }

  private static Optional<X509CertificateHolder> certificate(Object object) {
    return switch (object) {
      case X509CertificateHolder certificate -> Optional.of(certificate);
      // What OpenSSL writes as TRUSTED CERTIFICATE.
      case X509TrustedCertificateBlock trusted -> Optional.of(trusted.getCertificateHolder());
      default -> Optional.empty();
    };
  }

  /// Reads the private key of a file. Certificates in it are ignored.
  ///
  /// @param certificate the certificate of the key; supplies the curve if a SEC1 key does not name
  ///   its own
  /// @throws IllegalArgumentException if the file cannot be read, or does not have exactly one key,
  ///   unencrypted
  public static PrivateKey privateKey(Path file, Optional<X509Certificate> certificate) {
    return PemKeyReader.read(file, certificate);
  }

  /// Whether the two keys are a pair, that is, the public key verifies a signature of the private
  /// key.
  public static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
    return PemKeyReader.matches(privateKey, publicKey);
  }

  /// Returns the alias of a certificate in the key store that [#keyStore] creates.
  ///
  /// @param index the index of the certificate in the list
  static String alias(int index) {
    return "identity-" + index;
  }

  /// Reads the PEM objects of a file, as Bouncy Castle represents them.
  ///
  /// @throws IllegalArgumentException if the file cannot be read or is not valid PEM, or if one of
  ///   its objects would be left out
  static List<Object> objects(Path file) {
    String text = TextFile.read(file);
    List<Object> objects = new ArrayList<>();
    try (var pem = new PEMParser(new StringReader(text))) {
      for (Object next = pem.readObject(); next != null; next = pem.readObject()) {
        objects.add(next);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("file " + file + " is not valid PEM", e);
    }
    // The parser skips an object whose first line is indented, or is not a line of its own because
    // the file before it in a concatenation had no newline at its end.
    if (objects.size() != BEGIN.matcher(text).results().count()) {
      throw unusable(file, "is not valid PEM: every -----BEGIN must be at the beginning of a line");
    }
    return objects;
  }

  static IllegalArgumentException unusable(Path file, String problem) {
    return new IllegalArgumentException("file " + file + " " + problem);
  }
}
