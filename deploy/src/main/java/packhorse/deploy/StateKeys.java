package packhorse.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import packhorse.config.model.Secret;
import packhorse.config.model.StateSettings;
import packhorse.file.FileProblem;
import packhorse.file.PrivateFile;

/// The secrets from which the proxy derives its own keys, each use another one (HKDF with SHA-256,
/// RFC 5869). Two proxies with the same secret derive the same keys. Created by [Assembly];
/// immutable.
final class StateKeys {
  private static final String KEY = "state.directory";
  private static final String FILE = "state-key";
  private static final String ALGORITHM = "HKDF-SHA256";
  private static final int KEY_BYTES = 32;

  private final List<String> secrets;

  private StateKeys(List<String> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  /// The secrets of the configuration or, if it has none, the one in the state directory, which is
  /// generated if it is not there.
  ///
  /// @throws IOException naming the key of the configuration, the path and the reason
  static StateKeys open(StateSettings settings) throws IOException {
    if (!settings.keys().isEmpty()) {
      return new StateKeys(settings.keys().stream().map(Secret::value).toList());
    }
    Path file = settings.directory().resolve(FILE);
    try {
      return new StateKeys(List.of(readOrGenerate(file)));
    } catch (IOException e) {
      throw FileProblem.at(KEY, file, "read or created", e);
    }
  }

  private static String readOrGenerate(Path file) throws IOException {
    try {
      PrivateFile.restrict(file);
      String secret = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (secret.length() < KEY_BYTES) throw new IOException("it holds no key");
      return secret;
    } catch (NoSuchFileException e) {
      return generate(file);
    }
  }

  // Written beside its place first, so that a start that is interrupted leaves no half of a key.
  private static String generate(Path file) throws IOException {
    byte[] random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path written = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(written);
    try (var channel =
        Files.newByteChannel(
            written, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
      channel.write(StandardCharsets.US_ASCII.encode(secret + "\n"));
    }
    Files.move(written, file);
    return secret;
  }

  /// Derives a key of 32 bytes from each secret.
  ///
  /// @param use what the keys are for; no two uses have the same key
  List<byte[]> derive(String use) {
    return secrets.stream().map(secret -> derive(secret, use)).toList();
  }

  private static byte[] derive(String secret, String use) {
    try {
      return KDF.getInstance(ALGORITHM)
          .deriveData(
              HKDFParameterSpec.ofExtract()
                  .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                  .thenExpand(("packhorse " + use).getBytes(StandardCharsets.UTF_8), KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }
}
