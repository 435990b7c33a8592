package packhorse.http;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;

/// Reads certificates and keys in PEM form (RFC 7468; PKCS#1, PKCS#8 and SEC1 keys) into key stores
/// in memory. Called while the proxy starts; a file that cannot be used is refused with its name.
public final class Pem {
  /// The password of key stores that never leave memory.
  static final String PASSWORD = "in-memory";

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
        PrivateKey key = PemKey.read(identity.key(), chain.getFirst());
        if (!PemKey.belongs(key, chain.getFirst().getPublicKey())) {
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
      throw unusable(file, String.valueOf(e.getMessage()));
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

  private static List<X509Certificate> certificates(Path file) throws GeneralSecurityException {
    var converter = new JcaX509CertificateConverter();
    List<X509Certificate> found = new ArrayList<>();
    for (Object part : parts(file)) {
      if (part instanceof X509CertificateHolder holder) found.add(converter.getCertificate(holder));
    }
    if (found.isEmpty()) throw unusable(file, "holds no certificate");
    return found;
  }

  /// The alias of an identity in the store of {@link #identities}, by its place in the list.
  static String alias(int place) {
    return "identity-" + place;
  }

  static List<Object> parts(Path file) {
    List<Object> parts = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        var pem = new PEMParser(reader)) {
      for (Object part = pem.readObject(); part != null; part = pem.readObject()) parts.add(part);
    } catch (IOException e) {
      throw unusable(file, String.valueOf(e.getMessage()));
    }
    return parts;
  }

  static IllegalArgumentException unusable(Path file, String why) {
    return new IllegalArgumentException(file + ": " + why);
  }
}
