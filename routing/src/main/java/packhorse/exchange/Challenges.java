package packhorse.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The challenges of a WWW-Authenticate line (RFC 9110 §11.6.1): several may share one line.
final class Challenges {
  // what they prove holds for the connection, and a client's next request goes on another
  private static final Set<String> BOUND = Set.of("ntlm", "kerberos");
  private static final Pattern PARAMETER = Pattern.compile("[^\\s=,]+\\s*=(?!=).*", Pattern.DOTALL);

  private Challenges() {}

  /// The line without the challenges that only hold for a connection; as it came where it has none
  /// of them, empty where it has no other.
  static Optional<String> ofRequests(String value) {
    List<String> all = split(value);
    List<String> kept = all.stream().filter(challenge -> !bound(challenge)).toList();
    if (kept.size() == all.size()) return Optional.of(value);
    return kept.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", kept));
  }

  private static boolean bound(String challenge) {
    String scheme = challenge.split("\\s", 2)[0];
    return BOUND.contains(scheme.toLowerCase(Locale.ROOT));
  }

  /// Cuts at commas outside quotes; what is only a parameter belongs to the challenge before it.
  private static List<String> split(String value) {
    List<String> challenges = new ArrayList<>();
    for (String part : parts(value)) {
      if (!challenges.isEmpty() && PARAMETER.matcher(part).matches()) {
        challenges.add(challenges.removeLast() + ", " + part);
      } else if (!part.isEmpty()) {
        challenges.add(part);
      }
    }
    return challenges;
  }

  private static List<String> parts(String value) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        parts.add(value.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(value.substring(from).strip());
    return parts;
  }
}
