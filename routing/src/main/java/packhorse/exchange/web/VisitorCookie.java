package packhorse.exchange.web;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import packhorse.placement.Placement;
import packhorse.request.Header;
import packhorse.request.Headers;
import packhorse.request.KeyedHash;

/// The cookie that keeps a visitor on one node. It holds a day and a keyed hash of the pool, the
/// node and that day, so that it tells nobody anything and cannot be forged. Every proxy with the
/// same key accepts it. A cookie that is not valid is ignored: the visitor then gets a node in turn
/// and a new cookie. Immutable; called on the threads of requests.
public final class VisitorCookie {
  // A browser accepts the first name only over https, without a domain and with the path "/"
  // (RFC 6265bis §4.1.3.2), so that no page of a neighbouring host can set it.
  private static final String NAME = "packhorse";
  private static final String SECURE_NAME = "__Host-" + NAME;
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
    for (String cookie : cookies(fromClient)) {
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

  /// The headers of a client's request without the cookie. Lines that do not have it are unchanged.
  static Headers without(Headers fromClient) {
    boolean absent = cookies(fromClient).stream().noneMatch(VisitorCookie::isOurs);
    if (absent) return fromClient;
    List<Header> kept = new ArrayList<>();
    for (Header header : fromClient) {
      if (!header.hasName("Cookie")) {
        kept.add(header);
        continue;
      }
      List<String> others =
          split(header.value()).stream().filter(cookie -> !isOurs(cookie)).toList();
      if (!others.isEmpty()) kept.add(new Header(header.name(), String.join("; ", others)));
    }
    return new Headers(kept);
  }

  private static boolean isOurs(String cookie) {
    return isNamed(cookie, NAME) || isNamed(cookie, SECURE_NAME);
  }

  private static boolean isNamed(String cookie, String name) {
    return cookie.startsWith(name) && cookie.startsWith("=", name.length());
  }

  private static List<String> cookies(Headers headers) {
    List<String> cookies = new ArrayList<>();
    for (String line : headers.allValues("Cookie")) cookies.addAll(split(line));
    return cookies;
  }

  private static List<String> split(String line) {
    List<String> cookies = new ArrayList<>();
    for (String cookie : line.split(";", -1)) cookies.add(cookie.strip());
    return cookies;
  }

  private static String name(Placement placement) {
    return isSecure(placement) ? SECURE_NAME : NAME;
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
