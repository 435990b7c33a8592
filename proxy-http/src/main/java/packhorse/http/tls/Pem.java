package packhorse.http.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;

/// Reads certificates and private keys from PEM files (RFC 7468; PKCS#1, PKCS#8 and SEC1 keys) and
/// makes in-memory key stores of them. Called by the checks of the configuration and while the
/// proxy starts. A file that cannot be used is reported with its name.
public final class Pem {
  /// The password of the in-memory key stores.
  public static final String PASSWORD = "in-memory";

  /// No certificate bundle is that large, but a file that was named by mistake may be.
  private static final int MAX_FILE_SIZE = 1024 * 1024;

  private Pem() {}

  /// The files of a certificate chain, the server's own certificate first, and of its private key.
  public record ServerCertificate(Path chain, Path key) {}

  /// A key store with the certificates of a server. Their aliases are those of [#alias].
  ///
  /// @throws IllegalArgumentException for a file that cannot be read or used
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

  /// A trust store with the certificates of a file.
  ///
  /// @throws IllegalArgumentException for a file that cannot be read or used
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
      // PKCS12, the default, hashes the password ten thousand times for each read and write of a
      // key. The password of a store that stays in memory protects nothing.
      KeyStore store = KeyStore.getInstance("JKS");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("creating an empty key store failed", e);
    }
  }

  /// All certificates of a file, at least one.
  ///
  /// @throws IllegalArgumentException with a message that names the file, if it cannot be used
  public static List<X509Certificate> certificates(Path file) {
    var converter = new JcaX509CertificateConverter();
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      for (Object object : objects(file)) {
        if (object instanceof X509CertificateHolder holder) {
          certificates.add(converter.getCertificate(holder));
        }
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException("file " + file + " has an invalid certificate", e);
    }
    if (certificates.isEmpty()) throw unusable(file, "has no certificate");
    return List.copyOf(certificates);
  }

  /// The first private key of a file.
  ///
  /// @param certificate the certificate of the key: a SEC1 key without a curve gets the
  ///   certificate's
  /// @throws IllegalArgumentException with a message that names the file, if it cannot be read or
  ///   has no key without passphrase
  public static PrivateKey privateKey(Path file, Optional<X509Certificate> certificate) {
    return PemKeyReader.read(file, certificate);
  }

  /// Whether the two keys are a pair: whether the public key verifies what the private key signs.
  public static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
    return PemKeyReader.matches(privateKey, publicKey);
  }

  /// The alias of a certificate in the key store that [#keyStore] makes.
  ///
  /// @param index of the certificate in the list
  static String alias(int index) {
    return "identity-" + index;
  }

  /// The PEM objects of a file, as Bouncy Castle reads them.
  static List<Object> objects(Path file) {
    List<Object> objects = new ArrayList<>();
    try (var pem = new PEMParser(new StringReader(text(file)))) {
      for (Object next = pem.readObject(); next != null; next = pem.readObject()) {
        objects.add(next);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("file " + file + " is not valid PEM", e);
    }
    return objects;
  }

  private static String text(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw unusable(file, "is not a regular file");
      }
      if (Files.size(file) > MAX_FILE_SIZE) throw unusable(file, "is larger than 1 MiB");
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("file " + file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("file " + file + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("file " + file + " cannot be read", e);
    }
  }

  static IllegalArgumentException unusable(Path file, String problem) {
    return new IllegalArgumentException("file " + file + " " + problem);
  }
}
