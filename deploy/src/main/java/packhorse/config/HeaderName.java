package packhorse.config;

import java.util.Locale;
import java.util.Set;

/// Names of the header that tells a node who the user is.
final class HeaderName {
  /// These mean something else to a node or to the connection.
  private static final Set<String> TAKEN =
      Set.of(
          "accept",
          "accept-encoding",
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "forwarded",
          "git-protocol",
          "host",
          "keep-alive",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "via");

  private HeaderName() {}

  /// Checks that the text is a header's name that is free to be used.
  ///
  /// @throws IllegalArgumentException with a sentence
  static String parse(String text) {
    if (!text.matches("[A-Za-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("\"" + text + "\" is no name of a header");
    }
    if (TAKEN.contains(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("\"" + text + "\" means something else");
    }
    return text;
  }
}
