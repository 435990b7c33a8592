package packhorse.http;

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

/// Reads certificates and keys in PEM form (RFC 7468; PKCS#1, PKCS#8 and SEC1 keys), and puts them
/// into key stores in memory. Called by the checks of the configuration and while the proxy starts;
/// a file that cannot be used is refused with its name.
public final class Pem {
  /// The password of key stores that never leave memory.
  static final String PASSWORD = "in-memory";

  /// No bundle of certificates is as large; a wrong path may be.
  private static final int LIMIT = 1024 * 1024;

  private Pem() {}

  /// A certificate chain, the server's own first, and the key that belongs to it.
  public record Identity(Path certificate, Path key) {}

  /// What servers show; the first one is shown where no name fits.
  ///
  /// @throws IllegalArgumentException for a file that cannot be read or used
  public static KeyStore identities(List<Identity> identities) {
    try {
      KeyStore store = empty();
      for (int i = 0; i < identities.size(); i++) {
        Identity identity = identities.get(i);
        List<X509Certificate> chain = certificates(identity.certificate());
        PrivateKey key = key(identity.key(), Optional.of(chain.getFirst()));
        if (!belongs(key, chain.getFirst().getPublicKey())) {
          throw unusable(identity.key(), "is not the key of " + identity.certificate());
        }
        Certificate[] shown = chain.toArray(new Certificate[0]);
        store.setKeyEntry(alias(i), key, PASSWORD.toCharArray(), shown);
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("certificates cannot be used: " + e.getMessage(), e);
    }
  }

  /// Whom to trust: the certificates of a file.
  ///
  /// @throws IllegalArgumentException for a file that cannot be read or used
  static KeyStore authorities(Path file) {
    try {
      KeyStore store = empty();
      List<X509Certificate> certificates = certificates(file);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry("authority-" + i, certificates.get(i));
      }
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("file " + file + " cannot be used", e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }

  /// Every certificate of a file; there is at least one.
  ///
  /// @throws IllegalArgumentException with a sentence that names the file, when it cannot be used
  public static List<X509Certificate> certificates(Path file) {
    var converter = new JcaX509CertificateConverter();
    List<X509Certificate> found = new ArrayList<>();
    try {
      for (Object part : parts(file)) {
        if (part instanceof X509CertificateHolder holder) {
          found.add(converter.getCertificate(holder));
        }
      }
    } catch (CertificateException malformed) {
      throw new IllegalArgumentException("file " + file + " has an invalid certificate", malformed);
    }
    if (found.isEmpty()) throw unusable(file, "has no certificate");
    return List.copyOf(found);
  }

  /// The first private key of a file.
  ///
  /// @param certificate that it may belong to: a key in SEC1 form may leave its curve out
  /// @throws IllegalArgumentException with a sentence that names the file, when it cannot be read
  ///   or holds no key without passphrase
  public static PrivateKey key(Path file, Optional<X509Certificate> certificate) {
    return PemKey.read(file, certificate);
  }

  /// Whether the two belong together: whether what one signs the other verifies.
  public static boolean belongs(PrivateKey key, PublicKey certified) {
    return PemKey.belongs(key, certified);
  }

  /// The alias of an identity in the store of {@link #identities}, by its place in the list.
  static String alias(int place) {
    return "identity-" + place;
  }

  static List<Object> parts(Path file) {
    List<Object> parts = new ArrayList<>();
    try (var pem = new PEMParser(new StringReader(text(file)))) {
      for (Object part = pem.readObject(); part != null; part = pem.readObject()) parts.add(part);
    } catch (IOException malformed) {
      throw new IllegalArgumentException("file " + file + " is no valid PEM", malformed);
    }
    return parts;
  }

  private static String text(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) throw unusable(file, "is no file");
      if (Files.size(file) > LIMIT) throw unusable(file, "is larger than 1 MiB");
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException missing) {
      throw new IllegalArgumentException("file " + file + " does not exist", missing);
    } catch (CharacterCodingException binary) {
      throw new IllegalArgumentException("file " + file + " is no text", binary);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("file " + file + " cannot be read", unreadable);
    }
  }

  static IllegalArgumentException unusable(Path file, String why) {
    return new IllegalArgumentException("file " + file + " " + why);
  }
}
