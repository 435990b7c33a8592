package packhorse.config.read;

import java.util.Locale;
import java.util.Set;

/// Checks the name of the header field in which the proxy sends the user's name to a node
/// (`act-as.header`).
final class IdentityHeaderName {
  /// Header fields that have a meaning of their own in HTTP or in git's protocol, in lower case.
  private static final Set<String> RESERVED =
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

  private IdentityHeaderName() {}

  /// Returns the text unchanged, if it is a valid name: 1 to 64 letters, digits and hyphens, and
  /// not a reserved name. Upper and lower case are the same for reserved names.
  ///
  /// @throws IllegalArgumentException for any other text, with a message for the operator
  static String parse(String text) {
    if (!text.matches("[A-Za-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("\"" + text + "\" is not a valid header name");
    }
    if (RESERVED.contains(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is reserved: HTTP or git uses this header field");
    }
    return text;
  }
}
