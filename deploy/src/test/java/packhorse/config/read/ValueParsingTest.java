package packhorse.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.config.model.Address;
import packhorse.config.model.ByteSize;
import packhorse.config.model.Origin;
import packhorse.config.model.Reference;
import packhorse.config.model.Secret;
import packhorse.config.model.SshPublicKey;

/// Tests what the value types parse, format and reject.
class ValueParsingTest {

  @ParameterizedTest
  @CsvSource({
    "512,512,512",
    "1024,1024,1KiB",
    "64KiB,65536,64KiB",
    "4GiB,4294967296,4GiB",
    "1536MiB,1610612736,1536MiB",
    "1TiB,1099511627776,1TiB"
  })
  void sizes_are_powers_of_two(String text, long bytes, String printed) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    assertThat(ByteSize.parse(text)).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "4GB", "4 GiB", "4g", "9999999999TiB", "1.5GiB"})
  void other_sizes_are_rejected(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void durations_are_parsed_as_they_are_formatted() {
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      Duration duration = Duration.ofMillis(random.nextLong(1, 1L << random.nextInt(1, 33)));
      if (duration.toMillis() < 10_000_000) {
        assertThat(DurationFormat.parse(DurationFormat.format(duration))).isEqualTo(duration);
      }
    }
    assertThat(DurationFormat.parse("2d")).isEqualTo(Duration.ofDays(2));
    assertThat(DurationFormat.format(DurationFormat.parseOrZero("0s"))).isEqualTo("0s");
  }

  @ParameterizedTest
  @CsvSource({
    "https://Git.Example.org, https://git.example.org",
    "https://git.example.org/, https://git.example.org",
    "https://git.example.org.:443//, https://git.example.org",
    "http://git.example.org:80, http://git.example.org",
    "http://10.0.0.1:3000, http://10.0.0.1:3000",
    "HTTPS://[2001:DB8:0::1]:8443, https://[2001:db8::1]:8443"
  })
  void origins_have_a_canonical_form(String text, String printed) {
    assertThat(Origin.parse(text)).hasToString(printed);
    assertThat(Origin.parse(printed)).isEqualTo(Origin.parse(text));
    assertThat(Origin.parse(text).uri()).hasToString(printed);
  }

  @ParameterizedTest
  @CsvSource({
    "[::]:443, [::]:443",
    "[0:0:0:0:0:0:0:1]:1, [::1]:1",
    "[2001:db8:0:0:1:0:0:1]:1, [2001:db8::1:0:0:1]:1",
    "[2001:db8:0:1:1:1:1:1]:1, [2001:db8:0:1:1:1:1:1]:1",
    "0.0.0.0:0, 0.0.0.0:0",
    "Git.test.:22, git.test:22"
  })
  void addresses_have_a_canonical_form(String text, String printed) {
    assertThat(Address.parse(text, -1)).hasToString(printed);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.9.9.9, true",
    "localhost, true",
    "[::1], true",
    "0.0.0.0, false",
    "[::], false",
    "localhost.example.org, false",
    "10.0.0.1, false"
  })
  void only_addresses_of_this_machine_are_loopback(String name, boolean loopback) {
    assertThat(Address.parse(name + ":80", -1).isLoopback()).isEqualTo(loopback);
    assertThat(Origin.parse("http://" + name).isLoopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "10.20.0.0/16, 10.20.255.255, true",
    "10.20.0.0/16, 10.21.0.0, false",
    "10.20.0.0/16, ::ffff:10.20.0.1, true",
    "10.20.0.7, 10.20.0.7, true",
    "10.20.0.7, 10.20.0.8, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false"
  })
  void a_block_contains_the_addresses_that_share_its_prefix(
      String block, String address, boolean contained) {
    assertThat(CidrFormat.parse(block).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(contained);
    assertThat(CidrFormat.parse(CidrFormat.format(CidrFormat.parse(block))))
        .isEqualTo(CidrFormat.parse(block));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0/8",
        "010.0.0.0/8",
        "1.2.3.4.5",
        "::1/129",
        "localhost",
        "fe80::1%1/64"
      })
  void other_blocks_are_rejected(String text) {
    assertThatThrownBy(() -> CidrFormat.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_public_key_has_the_fingerprint_that_openssh_prints() {
    assertThat(SshPublicKey.parse(SupportFiles.ALICE_KEY).fingerprint())
        .matches("SHA256:[A-Za-z0-9+/]{43}");
    assertThat(SshPublicKey.parse(SupportFiles.ALICE_KEY).type()).isEqualTo("ssh-ed25519");
  }

  @Test
  void a_secret_never_prints_itself() {
    assertThat(new Secret(new Reference.InEnvironment("NAME"), "hunter2").toString())
        .contains("NAME")
        .doesNotContain("hunter2");
  }
}
