package packhorse.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import packhorse.policy.Permit;
import packhorse.request.Credential;

/// What is known of a fetch before its node answers, from what nodes lately said: that they let
/// this credential read the repository, and that they are shallow in it. It decides only whether a
/// client is spoken to early, never what it gets. Bounded by number. Called on any thread.
final class Beforehand {
  private static final int MOST = 100_000;
  private static final String MAC = "HmacSHA256";

  private record Repository(String pool, String name) {}

  private record Reader(Repository repository, String shown) {}

  // from a list of refs to the fetch that follows it
  private final Cache<Reader, Boolean> readers =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(Duration.ofMinutes(10)).build();
  private final Cache<Repository, Boolean> shallow =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(Duration.ofDays(1)).build();

  private final SecretKeySpec key;

  Beforehand() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    key = new SecretKeySpec(secret, MAC);
  }

  /// A node has shown its refs.
  void reads(Permit permit) {
    if (!NodeCalls.decidedHere(permit)) readers.put(reader(permit), Boolean.TRUE);
  }

  /// Whether no node will ask who the client is, or say that it may not read: we have decided, or a
  /// node has shown its refs to the same credential.
  boolean mayRead(Permit permit) {
    return NodeCalls.decidedHere(permit) || readers.getIfPresent(reader(permit)) != null;
  }

  /// The repository is shallow at its nodes.
  void shallow(Permit permit) {
    shallow.put(repository(permit), Boolean.TRUE);
  }

  boolean isShallow(Permit permit) {
    return shallow.getIfPresent(repository(permit)) != null;
  }

  private static Repository repository(Permit permit) {
    return new Repository(permit.pool(), permit.request().repository().name());
  }

  private Reader reader(Permit permit) {
    String shown =
        switch (permit.request().credential()) {
          case Credential.None none -> "";
          case Credential.Basic basic -> basic.header();
          case Credential.Bearer bearer -> bearer.header();
          case Credential.Other other -> other.header();
          case Credential.SshKey ssh -> ssh.fingerprint();
        };
    return new Reader(repository(permit), shown.isEmpty() ? "" : hashed(shown));
  }

  // no secret stays in memory for being remembered
  private String hashed(String shown) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(shown.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + MAC, e);
    }
  }
}
