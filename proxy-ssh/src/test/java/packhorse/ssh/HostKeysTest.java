package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads and generates folders of host keys, with keys of ssh-keygen and OpenSSL. The flag of
/// [HostKeys#load] says whether this is the first start of the proxy.
final class HostKeysTest {
  @TempDir Path folder;

  private void keygen(String file, String... options) throws IOException {
    String[] line =
        Stream.concat(
                Stream.of("ssh-keygen", "-q", "-C", "", "-f", folder.resolve(file).toString()),
                Stream.of(options))
            .toArray(String[]::new);
    new Command(folder, Map.of()).run(line).expectSuccess();
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
  void keys_of_every_type_and_format_are_read_from_files_of_any_name(
      String type, String format, String shownType) throws IOException {
    keygen("the key of " + type, "-t", type, "-m", format, "-N", "");
    Files.writeString(folder.resolve("README"), "notes");
    assertThat(HostKeys.load(folder, false).fingerprints())
        .singleElement()
        .asString()
        .startsWith(shownType + " SHA256:");
  }

  @Test
  void an_ed25519_key_of_openssl_is_read() throws IOException {
    Path file = folder.resolve("key.pem");
    new Command(folder, Map.of())
        .run("openssl", "genpkey", "-algorithm", "ed25519", "-out", file.toString())
        .expectSuccess();
    assertThat(HostKeys.load(folder, false).fingerprints())
        .singleElement()
        .asString()
        .startsWith("ssh-ed25519 ");
  }

  @Test
  void keys_are_generated_on_the_first_start_only() throws IOException {
    Path keys = folder.resolve("a/b");
    HostKeys generated = HostKeys.load(keys, true);
    assertThat(generated.fingerprints()).hasSize(3);
    assertThat(HostKeys.load(keys, true).fingerprints()).isEqualTo(generated.fingerprints());
    assertThat(HostKeys.load(keys, false).fingerprints()).isEqualTo(generated.fingerprints());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(keys.resolve("ssh_host_rsa_key"))))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rwx------");
    new Command(keys, Map.of())
        .run("ssh-keygen", "-y", "-f", "ssh_host_ed25519_key")
        .expectSuccess();
    assertThatThrownBy(() -> HostKeys.load(folder.resolve("absent"), false))
        .hasMessageContaining("absent");
  }

  @Test
  void the_error_for_a_key_with_a_passphrase_names_its_file() throws IOException {
    keygen("locked", "-t", "ed25519", "-N", "secret");
    assertThatThrownBy(() -> HostKeys.load(folder, true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("locked");
  }

  @Test
  void the_error_for_a_short_rsa_key_names_its_file() throws IOException {
    keygen("short", "-t", "rsa", "-b", "1024", "-N", "");
    assertThatThrownBy(() -> HostKeys.load(folder, true)).hasMessageContaining("short");
  }

  @Test
  void the_error_for_a_truncated_key_names_its_file() throws IOException {
    keygen("whole", "-t", "ed25519", "-N", "");
    String text = Files.readString(folder.resolve("whole"));
    Files.writeString(folder.resolve("cut"), text.substring(0, text.length() / 2));
    assertThatThrownBy(() -> HostKeys.load(folder, true)).hasMessageContaining("cut");
  }

  @Test
  void keys_that_a_windows_editor_saved_are_read() throws IOException {
    keygen("key", "-t", "ed25519", "-N", "");
    HostKeys expected = HostKeys.read(folder);
    String text = Files.readString(folder.resolve("key"));
    Files.writeString(folder.resolve("key"), "\ufeff" + text.replace("\n", "\r\n"));
    assertThat(HostKeys.read(folder).fingerprints()).hasSize(1).isEqualTo(expected.fingerprints());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void the_error_for_a_key_in_utf_16_names_its_file(String charset) throws IOException {
    keygen("key", "-t", "ed25519", "-N", "");
    byte[] bytes = Files.readString(folder.resolve("key")).getBytes(Charset.forName(charset));
    Files.write(folder.resolve("key"), bytes);
    assertThatThrownBy(() -> HostKeys.read(folder)).hasMessageContaining("/key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "rsa"})
  void the_error_for_a_key_in_der_format_names_its_file(String algorithm) throws IOException {
    String file = folder.resolve("key").toString();
    new Command(folder, Map.of())
        .run("openssl", "genpkey", "-algorithm", algorithm, "-outform", "DER", "-out", file)
        .expectSuccess();
    assertThatThrownBy(() -> HostKeys.read(folder)).hasMessageContaining("key: is in DER format");
  }

  @Test
  void the_error_for_two_keys_in_a_file_names_it() throws IOException {
    keygen("a", "-t", "ed25519", "-N", "");
    keygen("b", "-t", "ecdsa", "-m", "PEM", "-N", "");
    String both = Files.readString(folder.resolve("a")) + Files.readString(folder.resolve("b"));
    Files.writeString(folder.resolve("a"), both);
    assertThatThrownBy(() -> HostKeys.read(folder)).hasMessageContaining("/a: ");
  }

  @Test
  void keys_of_other_programs_are_not_taken_for_notes() throws IOException {
    Path file = folder.resolve("key");
    Files.writeString(file, "\ufeffPuTTY-User-Key-File-3: ssh-ed25519\r\n");
    assertThatThrownBy(() -> HostKeys.read(folder)).hasMessageContaining("PuTTY");
    Files.writeString(file, "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n");
    assertThatThrownBy(() -> HostKeys.read(folder)).hasMessageContaining("/key");
  }

  @Test
  void reading_generates_nothing_and_a_folder_that_cannot_be_created_is_named() throws IOException {
    assertThat(HostKeys.read(folder.resolve("none")).isEmpty()).isTrue();
    assertThat(folder).isEmptyDirectory();
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> HostKeys.load(file.resolve("keys"), true))
        .hasMessage(file + "/keys: host keys cannot be generated: not a directory");
  }
}
