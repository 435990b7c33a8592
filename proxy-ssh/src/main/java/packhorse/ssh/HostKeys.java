package packhorse.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.DSAKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.keyprovider.MappedKeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/// The host keys of a listener: every private key in a folder, in PEM or OpenSSH format, whatever
/// the name of its file. Immutable.
public final class HostKeys {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_FILE_SIZE = 64 * 1024;

  private final List<KeyPair> keyPairs;

  private HostKeys(List<KeyPair> keyPairs) {
    this.keyPairs = List.copyOf(keyPairs);
  }

  /// Reads the keys of a folder.
  ///
  /// @param firstStart whether the proxy has never run before. Only then are keys generated in a
  ///   folder that has none: later, a new key would look to clients like an impostor's
  /// @throws IOException naming the file, for a private key that cannot be read; naming the folder,
  ///   when it has no key
  public static HostKeys load(Path folder, boolean firstStart) throws IOException {
    List<KeyPair> keyPairs = Files.isDirectory(folder) ? read(folder) : List.of();
    if (!keyPairs.isEmpty()) return new HostKeys(keyPairs);
    if (!firstStart) {
      throw new IOException(
          folder + ": no host key found; new ones are generated on the first start only");
    }
    HostKeyGenerator.generate(folder);
    return new HostKeys(read(folder));
  }

  /// Returns type and fingerprint of each key, as `ssh-ed25519 SHA256:...`.
  public List<String> fingerprints() {
    return keyPairs.stream()
        .map(pair -> KeyUtils.getKeyType(pair) + " " + fingerprint(pair))
        .toList();
  }

  /// Returns the keys for the key exchange: the first of each type, in the order of the file names.
  /// The others are only announced, so that clients already know them when they come first.
  KeyPairProvider keyPairProvider() {
    Map<String, KeyPair> byType = new LinkedHashMap<>();
    for (KeyPair pair : keyPairs) byType.putIfAbsent(KeyUtils.getKeyType(pair), pair);
    return new MappedKeyPairProvider(byType);
  }

  /// Returns all keys, in the order of the file names.
  List<KeyPair> keyPairs() {
    return keyPairs;
  }

  private static String fingerprint(KeyPair pair) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, pair.getPublic());
  }

  private static List<KeyPair> read(Path folder) throws IOException {
    List<KeyPair> keyPairs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file) && holdsPrivateKey(file)) keyPairs.add(readKeyPair(file));
      }
    }
    return keyPairs;
  }

  // Other files in the folder are public keys, certificates and notes.
  private static boolean holdsPrivateKey(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_SIZE) return false;
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PuTTY-User-Key-File")) {
      throw new IOException(file + ": a PuTTY key; export it in OpenSSH format");
    }
    return text.contains("PRIVATE KEY-----");
  }

  private static KeyPair readKeyPair(Path file) throws IOException {
    List<KeyPair> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      Iterable<KeyPair> loaded =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, FilePasswordProvider.EMPTY);
      if (loaded != null) loaded.forEach(found::add);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(file + ": cannot be read as a private key without a passphrase", e);
    }
    if (found.size() != 1)
      throw new IOException(file + ": has " + found.size() + " private keys instead of one");
    checkStrength(file, found.getFirst());
    return found.getFirst();
  }

  private static void checkStrength(Path file, KeyPair pair) throws IOException {
    if (pair.getPublic() instanceof DSAKey)
      throw new IOException(file + ": DSA keys are not supported");
    if (pair.getPublic() instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new IOException(file + ": RSA key with fewer than " + MIN_RSA_BITS + " bits");
    }
  }
}
