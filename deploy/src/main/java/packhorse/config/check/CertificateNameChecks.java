package packhorse.config.check;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import packhorse.config.model.Origin;
import packhorse.config.model.Settings;
import packhorse.config.model.SiteSettings;
import packhorse.http.tls.CertificateNames;

/// Warns of certificates that are not valid for the names by which clients know the sites. Without
/// an https listener there are none: then something in front of the proxy has the certificates.
///
/// @param certificates the server's own certificate of each https listener by the listener's name
record CertificateNameChecks(
    Settings settings, ProblemCollector problems, Map<String, X509Certificate> certificates) {

  void check() {
    Map<String, String> hosts = hostsByKey();
    if (hosts.isEmpty()) return;
    List<CertificateNames> useful =
        certificates.entrySet().stream()
            .filter(listener -> coversAny(listener.getKey(), listener.getValue(), hosts))
            .map(listener -> CertificateNames.of(listener.getValue()))
            .toList();
    if (useful.isEmpty()) return;
    hosts.forEach((key, host) -> {
      if (useful.stream().noneMatch(names -> names.cover(host))) {
        problems.warning(key, "no certificate of an https listener is valid for " + host);
      }
    });
  }

  private boolean coversAny(
      String listener, X509Certificate certificate, Map<String, String> hosts) {
    CertificateNames names = CertificateNames.of(certificate);
    boolean covers = hosts.values().stream().anyMatch(names::cover);
    if (!covers) {
      String known = hosts.values().stream().distinct().collect(Collectors.joining(", "));
      problems.warning(
          "listeners." + listener + ".certificate", "is valid for no name of a site: " + known);
    }
    return covers;
  }

  /// Returns the host of each https URL of a site by the key of the URL, in the order of the file.
  private Map<String, String> hostsByKey() {
    Map<String, String> hosts = new LinkedHashMap<>();
    for (SiteSettings site : settings.sites()) {
      List<Origin> urls = site.urls();
      for (int i = 0; i < urls.size(); i++) {
        String key = SiteChecks.urlKey(site, i, problems);
        boolean valid = problems.isPresent(key) && !problems.hasErrorAt(key);
        if (valid && urls.get(i).secure()) hosts.put(key, urls.get(i).host());
      }
    }
    return hosts;
  }
}
