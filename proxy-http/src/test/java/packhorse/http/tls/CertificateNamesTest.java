package packhorse.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import packhorse.http.kit.TestCertificates;
import packhorse.http.kit.TestCertificates.KeyFormat;

/// Which hosts the names of a certificate cover.
final class CertificateNamesTest {
  private static final CertificateNames NAMES =
      new CertificateNames(
          List.of("code.test", "*.ci.test"),
          List.of(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("2001:db8::1")));

  @ParameterizedTest
  @CsvSource({
    "code.test, true",
    "a.ci.test, true",
    "10.0.0.1, true",
    "2001:db8::1, true",
    "2001:db8:0:0:0:0:0:1, true",
    "a.code.test, false",
    "ci.test, false",
    "a.b.ci.test, false",
    "test, false",
    "10.0.0.2, false",
    "2001:db8::2, false"
  })
  void a_wildcard_stands_for_one_label(String host, boolean covered) {
    assertThat(NAMES.cover(host)).isEqualTo(covered);
  }

  @Test
  void names_and_addresses_of_a_certificate_are_read(@TempDir Path folder) throws Exception {
    var certificates = new TestCertificates(folder);
    for (String name : List.of("code.test", "127.0.0.1")) {
      Path file = certificates.selfSigned(name, KeyFormat.EC_PKCS8).chain();
      assertThat(CertificateNames.of(Pem.certificates(file).getFirst()).cover(name)).isTrue();
    }
  }
}
