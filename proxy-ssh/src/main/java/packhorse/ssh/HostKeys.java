package packhorse.ssh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.keyprovider.MappedKeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import packhorse.file.FileProblem;
import packhorse.file.TextFile;

/// The host keys of a listener: every private key in a folder, in PEM or OpenSSH format, whatever
/// the name of its file. Immutable.
public final class HostKeys {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_FILE_SIZE = 64 * 1024;
  private static final int DER_SEQUENCE = 0x30;

  // Of PEM, of OpenSSH's format, and of the one of ssh.com, which has four dashes and a space.
  private static final Pattern BEGIN = Pattern.compile("---- ?BEGIN [A-Z0-9 ]*PRIVATE KEY ?----");

  private final Map<Path, KeyPair> keyPairs;

  /// @param keyPairs by their files, in the order of the files' names
  private HostKeys(Map<Path, KeyPair> keyPairs) {
    this.keyPairs = keyPairs;
  }

  /// Reads the keys of a folder, and changes nothing. There are none if the folder does not exist.
  /// Called when the configuration is checked.
  ///
  /// @throws IOException naming the file, for a private key that cannot be read or used
  public static HostKeys read(Path folder) throws IOException {
    return new HostKeys(Files.exists(folder) ? readAll(folder) : Map.of());
  }

  /// Reads the keys of a folder for a listener.
  ///
  /// @param firstStart whether the proxy has never run before. Only then are keys generated in a
  ///   folder that has none: later, a new key would look to clients like an impostor's
  /// @throws IOException naming the file, for a private key that cannot be read; naming the folder,
  ///   when it has no key
  public static HostKeys load(Path folder, boolean firstStart) throws IOException {
    HostKeys present = read(folder);
    if (!present.isEmpty()) return present;
    if (!firstStart) {
      throw new IOException(
          folder + ": no host key found; new ones are generated on the first start only");
    }
    try {
      HostKeyGenerator.generate(folder);
    } catch (IOException e) {
      String reason = FileProblem.reason(e);
      throw new IOException(folder + ": host keys cannot be generated: " + reason, e);
    }
    return read(folder);
  }

  /// Whether there is no key.
  public boolean isEmpty() {
    return keyPairs.isEmpty();
  }

  /// Returns type and fingerprint of each key, as `ssh-ed25519 SHA256:...`.
  public List<String> fingerprints() {
    return keyPairs.values().stream()
        .map(pair -> KeyUtils.getKeyType(pair) + " " + fingerprint(pair))
        .toList();
  }

  /// Returns the files of the keys, in the order of their names.
  public List<Path> files() {
    return List.copyOf(keyPairs.keySet());
  }

  /// Returns the keys for the key exchange: the first of each type, in the order of the file names.
  /// The others are only announced, so that clients already know them when they come first.
  KeyPairProvider keyPairProvider() {
    Map<String, KeyPair> byType = new LinkedHashMap<>();
    for (KeyPair pair : keyPairs.values()) byType.putIfAbsent(KeyUtils.getKeyType(pair), pair);
    return new MappedKeyPairProvider(byType);
  }

  /// Returns all keys, in the order of the file names.
  List<KeyPair> keyPairs() {
    return List.copyOf(keyPairs.values());
  }

  private static String fingerprint(KeyPair pair) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, pair.getPublic());
  }

  private static Map<Path, KeyPair> readAll(Path folder) throws IOException {
    Map<Path, KeyPair> keyPairs = new LinkedHashMap<>();
    for (Path file : files(folder)) {
      if (holdsPrivateKey(file)) keyPairs.put(file, readKeyPair(file));
    }
    return keyPairs;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new IOException(folder + ": cannot be read: " + FileProblem.reason(e), e);
    }
  }

  // Other files in the folder are public keys, certificates and notes. A private key in a form that
  // is not read must not be taken for one of them.
  private static boolean holdsPrivateKey(Path file) throws IOException {
    byte[] bytes = bytes(file);
    // In UTF-16, as some editors write it, every second byte of this text is zero.
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", "");
    if (text.contains("PuTTY-User-Key-File")) {
      throw new IOException(file + ": a PuTTY key; export it in OpenSSH format");
    }
    if (isDer(bytes)) throw new IOException(file + ": is in DER format; convert it to PEM");
    return BEGIN.matcher(text).find();
  }

  // An ASN.1 sequence whose length takes more than one byte, or is that of the file.
  private static boolean isDer(byte[] bytes) {
    return bytes.length > 1
        && bytes[0] == DER_SEQUENCE
        && (bytes[1] < 0 || bytes[1] + 2 == bytes.length);
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.size(file) > MAX_FILE_SIZE ? new byte[0] : Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException(file + ": cannot be read: " + FileProblem.reason(e), e);
    }
  }

  private static KeyPair readKeyPair(Path file) throws IOException {
    String text = text(file);
    List<KeyPair> found = new ArrayList<>();
    try {
      Iterable<KeyPair> loaded =
          SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName(file.toString()),
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
              FilePasswordProvider.EMPTY);
      if (loaded != null) loaded.forEach(found::add);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(file + ": cannot be read as a private key without a passphrase", e);
    }
    if (found.size() != 1 || BEGIN.matcher(text).results().count() != 1) {
      throw new IOException(file + ": does not have exactly one private key");
    }
    checkStrength(file, found.getFirst());
    return found.getFirst();
  }

  private static String text(Path file) throws IOException {
    try {
      return TextFile.read(file);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void checkStrength(Path file, KeyPair pair) throws IOException {
    if (pair.getPublic() instanceof DSAKey)
      throw new IOException(file + ": DSA keys are not supported");
    if (pair.getPublic() instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new IOException(file + ": RSA key with fewer than " + MIN_RSA_BITS + " bits");
    }
  }
}
