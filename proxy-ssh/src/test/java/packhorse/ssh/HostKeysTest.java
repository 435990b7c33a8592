package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The folder of host keys, with keys as ssh-keygen makes them.
final class HostKeysTest {
  @TempDir Path folder;

  private void keygen(String file, String... options) throws IOException {
    String[] line =
        Stream.concat(
                Stream.of("ssh-keygen", "-q", "-C", "", "-f", folder.resolve(file).toString()),
                Stream.of(options))
            .toArray(String[]::new);
    new Command(folder, Map.of()).run(line).well();
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519,RFC4716,ssh-ed25519",
    "ecdsa,RFC4716,ecdsa-sha2-nistp256",
    "ecdsa,PEM,ecdsa-sha2-nistp256",
    "ecdsa,PKCS8,ecdsa-sha2-nistp256",
    "rsa,RFC4716,ssh-rsa",
    "rsa,PEM,ssh-rsa",
    "rsa,PKCS8,ssh-rsa"
  })
  void keys_of_every_type_and_form_are_read_whatever_their_file_is_called(
      String type, String form, String shown) throws IOException {
    keygen("the key of " + type, "-t", type, "-m", form, "-N", "");
    Files.writeString(folder.resolve("README"), "notes");
    assertThat(HostKeys.in(folder, false).fingerprints())
        .singleElement()
        .asString()
        .startsWith(shown + " SHA256:");
  }

  @Test
  void an_ed25519_key_of_openssl_is_read() throws IOException {
    Path file = folder.resolve("key.pem");
    new Command(folder, Map.of())
        .run("openssl", "genpkey", "-algorithm", "ed25519", "-out", file.toString())
        .well();
    assertThat(HostKeys.in(folder, false).fingerprints())
        .singleElement()
        .asString()
        .startsWith("ssh-ed25519 ");
  }

  @Test
  void keys_are_made_on_the_very_first_start_only() throws IOException {
    Path keys = folder.resolve("a/b");
    HostKeys made = HostKeys.in(keys, true);
    assertThat(made.fingerprints()).hasSize(3);
    assertThat(HostKeys.in(keys, true).fingerprints()).isEqualTo(made.fingerprints());
    assertThat(HostKeys.in(keys, false).fingerprints()).isEqualTo(made.fingerprints());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(keys.resolve("ssh_host_rsa_key"))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rwx------");
    new Command(keys, Map.of()).run("ssh-keygen", "-y", "-f", "ssh_host_ed25519_key").well();
    assertThatThrownBy(() -> HostKeys.in(folder.resolve("empty"), false))
        .hasMessageContaining("empty");
  }

  @Test
  void a_key_with_a_passphrase_is_refused_by_name() throws IOException {
    keygen("locked", "-t", "ed25519", "-N", "secret");
    assertThatThrownBy(() -> HostKeys.in(folder, true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("locked");
  }

  @Test
  void a_short_rsa_key_is_refused_by_name() throws IOException {
    keygen("short", "-t", "rsa", "-b", "1024", "-N", "");
    assertThatThrownBy(() -> HostKeys.in(folder, true)).hasMessageContaining("short");
  }

  @Test
  void a_key_that_is_cut_off_is_refused_by_name() throws IOException {
    keygen("whole", "-t", "ed25519", "-N", "");
    String text = Files.readString(folder.resolve("whole"));
    Files.writeString(folder.resolve("cut"), text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> HostKeys.in(folder, true)).hasMessageContaining("cut");
  }
}
