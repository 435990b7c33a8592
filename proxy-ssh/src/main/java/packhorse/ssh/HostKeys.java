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

/// The private keys by which clients know us: every one in a folder, whatever its file is called,
/// PEM or OpenSSH. Immutable.
public final class HostKeys {
  private static final int SHORTEST_RSA = 2048;
  private static final int LARGEST_FILE = 64 * 1024;

  private final List<KeyPair> pairs;

  private HostKeys(List<KeyPair> pairs) {
    this.pairs = List.copyOf(pairs);
  }

  /// Reads the keys of a folder.
  ///
  /// @param first whether this is the very first start of a proxy without a past: then keys are
  ///   made where there are none. Else clients would be shown a stranger in our place
  /// @throws IOException naming the file, for a private key that cannot be read; or the folder,
  ///   when it holds none
  public static HostKeys in(Path folder, boolean first) throws IOException {
    List<KeyPair> pairs = Files.isDirectory(folder) ? read(folder) : List.of();
    if (!pairs.isEmpty()) return new HostKeys(pairs);
    if (!first) throw new IOException(folder + ": no host key here, and clients know the old ones");
    NewHostKeys.write(folder);
    return new HostKeys(read(folder));
  }

  /// As {@code ssh-keygen -l} shows them: {@code ssh-ed25519 SHA256:...}, one for each key.
  public List<String> fingerprints() {
    return pairs.stream().map(pair -> KeyUtils.getKeyType(pair) + " " + fingerprint(pair)).toList();
  }

  /// For the key exchange: the first key of each type, in the order of the files' names. The others
  /// are only announced, for the day on which they come first.
  KeyPairProvider provider() {
    Map<String, KeyPair> byType = new LinkedHashMap<>();
    for (KeyPair pair : pairs) byType.putIfAbsent(KeyUtils.getKeyType(pair), pair);
    return new MappedKeyPairProvider(byType);
  }

  List<KeyPair> pairs() {
    return pairs;
  }

  private static String fingerprint(KeyPair pair) {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, pair.getPublic());
  }

  private static List<KeyPair> read(Path folder) throws IOException {
    List<KeyPair> pairs = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file) && holdsPrivateKey(file)) pairs.add(pair(file));
      }
    }
    return pairs;
  }

  // public keys, certificates and notes lie beside them
  private static boolean holdsPrivateKey(Path file) throws IOException {
    if (Files.size(file) > LARGEST_FILE) return false;
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PuTTY-User-Key-File")) {
      throw new IOException(file + ": a key of PuTTY; export it in OpenSSH's format");
    }
    return text.contains("PRIVATE KEY-----");
  }

  private static KeyPair pair(Path file) throws IOException {
    List<KeyPair> found = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      Iterable<KeyPair> loaded =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, FilePasswordProvider.EMPTY);
      if (loaded != null) loaded.forEach(found::add);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IOException(file + ": not readable as a private key without a passphrase", e);
    }
    if (found.size() != 1)
      throw new IOException(file + ": " + found.size() + " private keys, not one");
    check(file, found.getFirst());
    return found.getFirst();
  }

  private static void check(Path file, KeyPair pair) throws IOException {
    if (pair.getPublic() instanceof DSAKey) throw new IOException(file + ": DSA is no longer used");
    if (pair.getPublic() instanceof RSAKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
      throw new IOException(file + ": an RSA key of fewer than " + SHORTEST_RSA + " bits");
    }
  }
}
