package packhorse.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import packhorse.http.kit.TestCertificates;
import packhorse.http.kit.TestCertificates.KeyFormat;

/// PEM files as they are found: saved by various editors, or put together from several files. What
/// is in a file is read, or the file is refused.
final class PemTest {
  @TempDir Path folder;
  private String first = "";
  private String second = "";
  private String key = "";

  @BeforeEach
  void makeCertificates() throws Exception {
    var certificates = new TestCertificates(folder);
    Pem.ServerCertificate a = certificates.selfSigned("a.test", KeyFormat.EC_PKCS8);
    Pem.ServerCertificate b = certificates.selfSigned("b.test", KeyFormat.EC_PKCS8);
    first = Files.readString(a.chain());
    second = Files.readString(b.chain());
    key = Files.readString(a.key());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("file.pem"), text);
  }

  @Test
  void files_of_windows_editors_are_read() throws IOException {
    String windows = "\ufeff" + (first + second).replace("\n", "\r\n");
    assertThat(Pem.certificates(file(windows))).hasSize(2);
    assertThat(Pem.privateKey(file("\ufeff" + key.replace("\n", "\r\n")), Optional.empty()))
        .isNotNull();
  }

  @Test
  void both_authorities_of_a_file_are_trusted() throws Exception {
    assertThat(Pem.trustStore(file("Subject: a\n" + first + "\nSubject: b\n" + second)).size())
        .isEqualTo(2);
    String trusted = second.replace("CERTIFICATE-----", "TRUSTED CERTIFICATE-----");
    assertThat(Pem.trustStore(file(first + trusted)).size()).isEqualTo(2);
  }

  @Test
  void a_certificate_that_would_be_left_out_makes_the_file_invalid() throws IOException {
    Path joined = file(first.strip() + second);
    assertThatThrownBy(() -> Pem.certificates(joined)).hasMessageContaining("beginning of a line");
    Path indented = file(first + second.replace("-----BEGIN", "  -----BEGIN"));
    assertThatThrownBy(() -> Pem.certificates(indented)).hasMessageContaining("not valid PEM");
    Path cut = file(first + second.substring(0, second.length() / 2));
    assertThatThrownBy(() -> Pem.certificates(cut)).hasMessageContaining("not valid PEM");
  }

  @Test
  void a_file_with_certificates_and_their_key_serves_for_both() throws IOException {
    String curve = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    Path both = file(curve + key + first + second);
    assertThat(Pem.certificates(both)).hasSize(2);
    assertThat(Pem.privateKey(both, Optional.empty())).isNotNull();
  }

  @Test
  void the_parameters_of_a_curve_in_front_of_a_key_are_ignored() throws Exception {
    Pem.ServerCertificate old =
        new TestCertificates(folder).selfSigned("c.test", KeyFormat.EC_SEC1);
    String curve = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    Path keyFile = file(curve + Files.readString(old.key()));
    assertThat(Pem.keyStore(List.of(new Pem.ServerCertificate(old.chain(), keyFile))).size())
        .isEqualTo(1);
  }

  @Test
  void the_notes_that_openssl_writes_around_an_object_are_ignored() throws IOException {
    String notes = "Bag Attributes\n    friendlyName: a.test\nKey Attributes: <No Attributes>\n";
    Path both = file(notes + key + notes + first);
    assertThat(Pem.certificates(both)).hasSize(1);
    assertThat(Pem.privateKey(both, Optional.empty())).isNotNull();
  }

  @Test
  void a_chain_that_does_not_begin_with_the_certificate_of_the_key_is_refused() throws IOException {
    Path keyFile = Files.writeString(folder.resolve("a.key"), key);
    var reversed = new Pem.ServerCertificate(file(second + first), keyFile);
    assertThatThrownBy(() -> Pem.keyStore(List.of(reversed)))
        .hasMessage("file " + keyFile + " is not the key of " + reversed.chain());
  }

  @Test
  void binary_files_and_keys_with_a_passphrase_are_named_as_such() throws Exception {
    Path binary = folder.resolve("file.der");
    Files.write(binary, Pem.certificates(file(first)).getFirst().getEncoded());
    assertThatThrownBy(() -> Pem.certificates(binary))
        .hasMessageContaining(binary.toString())
        .hasMessageContaining("not UTF-8 text");
    byte[] pkcs8 =
        new EncryptedPrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2), new byte[16])
            .getEncoded();
    String openssl =
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF";
    List<Path> encrypted =
        List.of(
            file(pem("ENCRYPTED PRIVATE KEY", "", pkcs8)),
            Files.writeString(
                folder.resolve("old.pem"), pem("EC PRIVATE KEY", openssl + "\n\n", new byte[16])));
    for (Path locked : encrypted) {
      assertThatThrownBy(() -> Pem.privateKey(locked, Optional.empty()))
          .hasMessage("file " + locked + " has a private key with a passphrase");
    }
  }

  private static String pem(String type, String headers, byte[] content) {
    String base64 = Base64.getMimeEncoder().encodeToString(content);
    return "-----BEGIN %1$s-----\n%2$s%3$s\n-----END %1$s-----\n".formatted(type, headers, base64);
  }

  @Test
  void of_two_keys_none_is_chosen() throws IOException {
    Path two = file(key + key);
    assertThatThrownBy(() -> Pem.privateKey(two, Optional.empty()))
        .hasMessageContaining("more than one private key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUBLIC KEY", "RSA PUBLIC KEY", "PKCS7", "X509 CRL", "NONSENSE"})
  void other_objects_among_certificates_make_the_file_invalid(String type) throws IOException {
    Path file = file(first + second.replace("CERTIFICATE-----", type + "-----"));
    assertThatThrownBy(() -> Pem.certificates(file)).isInstanceOf(IllegalArgumentException.class);
  }
}
