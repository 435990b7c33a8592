package packhorse.http.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The names that a certificate is valid for: its subject alternative names (RFC 9525). The common
/// name does not count, because most clients ignore it. Immutable; created when the configuration
/// is checked.
///
/// @param dnsNames in lower case; the first label may be `*`
/// @param addresses literal IP addresses
public record CertificateNames(List<String> dnsNames, List<InetAddress> addresses) {
  // The numbers of the alternatives of GeneralName (RFC 5280, section 4.2.1.6).
  private static final Integer DNS_NAME = 2;
  private static final Integer IP_ADDRESS = 7;

  /// Reads the names of a certificate; there are none if they cannot be read.
  public static CertificateNames of(X509Certificate certificate) {
    try {
      Collection<List<?>> names =
          Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
      return new CertificateNames(
          values(names, DNS_NAME).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
          values(names, IP_ADDRESS).stream().map(InetAddress::ofLiteral).toList());
    } catch (CertificateParsingException e) {
      return new CertificateNames(List.of(), List.of());
    }
  }

  private static List<String> values(Collection<List<?>> names, Integer type) {
    return names.stream()
        .filter(name -> name.getFirst().equals(type))
        .map(name -> String.valueOf(name.getLast()))
        .toList();
  }

  /// Whether a client that connects to this host accepts the certificate's names.
  ///
  /// @param host a host name in lower case or a literal IP address without brackets
  public boolean cover(String host) {
    int dot = host.indexOf('.');
    String wildcard = dot < 0 ? host : "*" + host.substring(dot);
    return dnsNames.contains(host)
        || dnsNames.contains(wildcard)
        || addresses.stream().anyMatch(address -> isSame(address, host));
  }

  private static boolean isSame(InetAddress address, String host) {
    try {
      return address.equals(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException hostIsAName) {
      return false;
    }
  }
}
