package packhorse.exchange.refs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import packhorse.exchange.call.NodeRequestFactory;
import packhorse.policy.Permit;
import packhorse.request.Credential;

/// Caches what recent responses of nodes showed about a repository: that a credential may read it,
/// and that it is shallow. This only decides whether the proxy starts the response to a fetch
/// before the node responds, never what a client gets. Bounded by the number of entries. Called on
/// any thread.
public final class ReadAccessCache {
  private static final int MAX_ENTRIES = 100_000;
  private static final String MAC_ALGORITHM = "HmacSHA256";

  private record RepositoryKey(String pool, String repository) {}

  private record ReaderKey(RepositoryKey repository, String credentialHash) {}

  // Long enough for the fetch that follows a ref advertisement.
  private final Cache<ReaderKey, Boolean> readers =
      Caffeine.newBuilder()
          .maximumSize(MAX_ENTRIES)
          .expireAfterWrite(Duration.ofMinutes(10))
          .build();
  private final Cache<RepositoryKey, Boolean> shallowRepositories =
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).expireAfterWrite(Duration.ofDays(1)).build();

  private final SecretKeySpec macKey;

  public ReadAccessCache() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    macKey = new SecretKeySpec(secret, MAC_ALGORITHM);
  }

  /// Records that a node sent its refs to this client.
  void recordAccess(Permit permit) {
    if (!NodeRequestFactory.proxyDecidesAccess(permit)) {
      readers.put(readerKey(permit), Boolean.TRUE);
    }
  }

  /// Whether no node will request credentials or deny access: the proxy has decided about the
  /// access, or a node recently sent its refs to a client with the same credential.
  public boolean mayRead(Permit permit) {
    return NodeRequestFactory.proxyDecidesAccess(permit)
        || readers.getIfPresent(readerKey(permit)) != null;
  }

  /// Records that the repository is shallow on its nodes.
  public void recordShallow(Permit permit) {
    shallowRepositories.put(repositoryKey(permit), Boolean.TRUE);
  }

  public boolean isShallow(Permit permit) {
    return shallowRepositories.getIfPresent(repositoryKey(permit)) != null;
  }

  private static RepositoryKey repositoryKey(Permit permit) {
    return new RepositoryKey(
        permit.placement().pool().name(), permit.request().repository().name());
  }

  private ReaderKey readerKey(Permit permit) {
    String credential =
        switch (permit.request().credential()) {
          case Credential.NoCredential none -> "";
          case Credential.Basic basic -> basic.headerValue();
          case Credential.Bearer bearer -> bearer.headerValue();
          case Credential.OtherScheme other -> other.headerValue();
          case Credential.SshKey ssh -> ssh.fingerprint();
        };
    return new ReaderKey(repositoryKey(permit), credential.isEmpty() ? "" : hash(credential));
  }

  // The cache holds a keyed hash, so that it keeps no secret in memory.
  private String hash(String credential) {
    try {
      Mac mac = Mac.getInstance(MAC_ALGORITHM);
      mac.init(macKey);
      return HexFormat.of().formatHex(mac.doFinal(credential.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + MAC_ALGORITHM, e);
    }
  }
}
