package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.ssh.key.UserKeyFormat;

/// Public keys of users: those with which somebody can log in, and those with which nobody can.
final class UserKeyFormatTest {
  private static final String SSH_DSS =
      "AAAAB3NzaC1kc3MAAAAEAQAAAQAAAAQBAAABAAAABAEAAAEAAAAEAQAAAQ==";

  @TempDir Path folder;

  private record Line(String type, String base64) {
    void check() {
      UserKeyFormat.check(type, blob());
    }

    byte[] blob() {
      return Base64.getDecoder().decode(base64);
    }
  }

  private Line generate(String... options) throws IOException {
    String[] line = new String[options.length + 7];
    System.arraycopy(new String[] {"ssh-keygen", "-q", "-N", "", "-f", "key", "-t"}, 0, line, 0, 7);
    System.arraycopy(options, 0, line, 7, options.length);
    new Command(folder, Map.of()).run(line).expectSuccess();
    return read("key.pub");
  }

  private Line read(String file) throws IOException {
    String[] fields = Files.readString(folder.resolve(file)).split(" ", 3);
    return new Line(fields[0], fields[1]);
  }

  @ParameterizedTest
  @CsvSource({"ed25519,256", "ecdsa,256", "ecdsa,384", "ecdsa,521", "rsa,2048"})
  void keys_that_clients_generate_are_accepted(String type, String bits) throws IOException {
    assertThatCode(generate(type, "-b", bits)::check).doesNotThrowAnyException();
  }

  @Test
  void short_rsa_keys_are_refused() throws IOException {
    assertThatThrownBy(generate("rsa", "-b", "1024")::check)
        .hasMessage("is an RSA key with fewer than 2048 bits");
  }

  @Test
  void certificates_are_refused() throws IOException {
    generate("ed25519");
    new Command(folder, Map.of())
        .run("ssh-keygen", "-q", "-s", "key", "-I", "alice", "-n", "alice", "key.pub")
        .expectSuccess();
    assertThatThrownBy(read("key-cert.pub")::check).hasMessageStartingWith("is a certificate");
  }

  @Test
  void types_that_no_client_may_sign_with_are_refused() {
    Line dss = new Line("ssh-dss", SSH_DSS);
    assertThatThrownBy(dss::check)
        .hasMessageStartingWith("is a key of type \"ssh-dss\"; supported are ssh-ed25519, ");
  }

  @ParameterizedTest
  @ValueSource(ints = {-20, -1, 1})
  void a_key_whose_data_is_not_whole_is_refused(int difference) throws IOException {
    Line whole = generate("ed25519");
    byte[] damaged = Arrays.copyOf(whole.blob(), whole.blob().length + difference);
    Line line = new Line(whole.type(), Base64.getEncoder().encodeToString(damaged));
    assertThatThrownBy(line::check).hasMessageStartingWith("is damaged");
  }
}
