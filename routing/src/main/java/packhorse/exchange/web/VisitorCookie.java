package packhorse.exchange.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import packhorse.placement.Placement;
import packhorse.request.Headers;
import packhorse.request.KeyedHash;
import packhorse.request.VisitorCookieFilter;

/// The cookie that keeps a visitor on one node. It holds a day and a keyed hash of the pool, the
/// node and that day, so that it tells nobody anything and cannot be forged. Every proxy with the
/// same key accepts it. A cookie that is not valid is ignored: the visitor then gets a node in turn
/// and a new cookie. Immutable; called on the threads of requests.
public final class VisitorCookie {
  private static final Pattern DAY = Pattern.compile("[0-9a-z]{1,6}");
  private static final int HASH_LENGTH = 32;
  private static final int MAX_DAYS = 90;

  private final List<KeyedHash> hashes;
  private final InstantSource clock;

  /// @param hashes the first signs new cookies; cookies of all are accepted
  public VisitorCookie(List<KeyedHash> hashes, InstantSource clock) {
    this.hashes = List.copyOf(hashes);
    this.clock = clock;
  }

  /// The name of the node to which the visitor's earlier pages went.
  ///
  /// @param fromClient the headers of the client's request
  Optional<String> nodeOf(Headers fromClient, Placement placement) {
    String name = name(placement);
    for (String cookie : VisitorCookieFilter.cookies(fromClient)) {
      if (!isNamed(cookie, name)) continue;
      Optional<String> node = node(cookie.substring(name.length() + 1), placement);
      if (node.isPresent()) return node;
    }
    return Optional.empty();
  }

  private Optional<String> node(String value, Placement placement) {
    int dot = value.indexOf('.');
    if (dot < 1 || value.length() != dot + 1 + HASH_LENGTH) return Optional.empty();
    String text = value.substring(0, dot);
    if (!DAY.matcher(text).matches()) return Optional.empty();
    long day = Long.parseLong(text, Character.MAX_RADIX);
    long age = today() - day;
    // The clock of another proxy may be a little ahead.
    return age < -1 || age > MAX_DAYS ? Optional.empty() : nodeOfDay(day, value, placement);
  }

  private Optional<String> nodeOfDay(long day, String value, Placement placement) {
    String pool = placement.pool().name();
    return placement.nodeNames().stream()
        .filter(
            node -> hashes.stream().anyMatch(hash -> value(hash, pool, node, day).equals(value)))
        .findFirst();
  }

  /// The value of the field `Set-Cookie` that sets the cookie for a node.
  String value(String node, Placement placement) {
    String value = value(hashes.getFirst(), placement.pool().name(), node, today());
    String attributes =
        "; Path=/; HttpOnly; SameSite=Lax" + (isSecure(placement) ? "; Secure" : "");
    return name(placement) + "=" + value + attributes;
  }

  private static boolean isNamed(String cookie, String name) {
    return cookie.startsWith(name) && cookie.startsWith("=", name.length());
  }

  // One cookie for each pool: a site can have several.
  private static String name(Placement placement) {
    var checksum = new CRC32();
    checksum.update(placement.pool().name().getBytes(StandardCharsets.UTF_8));
    String prefix =
        isSecure(placement) ? VisitorCookieFilter.SECURE_PREFIX : VisitorCookieFilter.PREFIX;
    return prefix + Long.toString(checksum.getValue(), Character.MAX_RADIX);
  }

  private static boolean isSecure(Placement placement) {
    return placement.siteUrl().getScheme().equals("https");
  }

  private static String value(KeyedHash hash, String pool, String node, long day) {
    String text = Long.toString(day, Character.MAX_RADIX);
    return text + "." + hash.of(List.of(pool, node, text)).substring(0, HASH_LENGTH);
  }

  private long today() {
    return ChronoUnit.DAYS.between(Instant.EPOCH, clock.instant());
  }
}
