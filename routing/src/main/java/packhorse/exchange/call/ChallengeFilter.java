package packhorse.exchange.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Filters `WWW-Authenticate` values (RFC 9110 §11.6.1): removes each challenge whose scheme
/// authenticates a connection instead of a request. A value may contain several challenges,
/// separated by commas. Stateless.
final class ChallengeFilter {
  // Connections to nodes are shared, so the client's next request may use another connection, or
  // another client this one. Negotiate is not removed, see
  // docs/decisions/0007-negotiate-on-its-own-connection.md.
  private static final Set<String> CONNECTION_BOUND = Set.of("ntlm", "kerberos");
  // `name=value`. A challenge begins with its scheme instead, as `Basic realm="x"`.
  private static final Pattern PARAMETER = Pattern.compile("[^\\s=,]+\\s*=(?!=).*", Pattern.DOTALL);

  private ChallengeFilter() {}

  /// Returns the value without connection-bound challenges. Returns it unchanged if it contains no
  /// such challenge, and empty if it contains no other.
  static Optional<String> withoutConnectionBound(String value) {
    List<String> challenges = split(value);
    List<String> allowed =
        challenges.stream().filter(challenge -> !isConnectionBound(challenge)).toList();
    if (allowed.size() == challenges.size()) return Optional.of(value);
    return allowed.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", allowed));
  }

  private static boolean isConnectionBound(String challenge) {
    String scheme = challenge.split("\\s", 2)[0];
    return CONNECTION_BOUND.contains(scheme.toLowerCase(Locale.ROOT));
  }

  /// Splits a value into challenges. A comma also separates the parameters of a challenge, so a
  /// part that is only a parameter belongs to the challenge before it.
  private static List<String> split(String value) {
    List<String> challenges = new ArrayList<>();
    for (String part : splitAtCommas(value)) {
      if (!challenges.isEmpty() && PARAMETER.matcher(part).matches()) {
        challenges.add(challenges.removeLast() + ", " + part);
      } else if (!part.isEmpty()) {
        challenges.add(part);
      }
    }
    return challenges;
  }

  /// Splits at commas outside quoted strings.
  private static List<String> splitAtCommas(String value) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        parts.add(value.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(value.substring(start).strip());
    return parts;
  }
}
