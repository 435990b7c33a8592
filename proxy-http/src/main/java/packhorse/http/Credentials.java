package packhorse.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import packhorse.request.Credential;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.request.Refused;

/// Reads what a client shows in its Authorization line (RFC 7235, RFC 7617, RFC 6750). Pure.
final class Credentials {
  // schemes that need one connection for several requests
  private static final Set<String> SEVERAL = Set.of("ntlm", "kerberos");

  private Credentials() {}

  /// The credential; none is a value too.
  ///
  /// @throws Refused for two lines, one that is malformed, or a scheme that needs one connection
  ///   for several requests
  static Credential read(Headers headers) throws Refused {
    List<String> lines = headers.all("Authorization");
    if (lines.isEmpty()) return new Credential.None();
    if (lines.size() > 1) {
      throw malformed(
          "there are two Authorization headers; look for a second credential in git's configuration"
              + " (http.extraHeader)");
    }
    String header = lines.getFirst();
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String rest = space < 0 ? "" : header.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Basic")) return basic(rest, header);
    if (scheme.equalsIgnoreCase("Bearer") && !rest.isEmpty()) {
      return new Credential.Bearer(rest, header);
    }
    if (SEVERAL.contains(scheme.toLowerCase(Locale.ROOT)))
      throw new Refused(Refusal.noCredential());
    if (rest.isEmpty()) throw malformed("the Authorization header is malformed");
    return new Credential.Other(scheme, header);
  }

  // user and password as the client wrote them, UTF-8 where they are that; split at the first
  // colon, for a password may hold one
  private static Credential basic(String encoded, String header) throws Refused {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw malformed("the Authorization header is not base64");
    }
    String pair = text(bytes);
    int colon = pair.indexOf(':');
    if (colon < 0) throw malformed("the Authorization header has no colon");
    return new Credential.Basic(pair.substring(0, colon), pair.substring(colon + 1), header);
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static Refused malformed(String sentence) {
    return new Refused(Refusal.malformed(sentence));
  }
}
