package packhorse.http.front;

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
import packhorse.request.RefusalException;

/// Reads the credential of a request from its Authorization header (RFC 7235, RFC 7617, RFC 6750).
/// Stateless.
final class AuthorizationReader {
  /// The schemes that need several requests on one connection.
  private static final Set<String> MULTI_REQUEST_SCHEMES = Set.of("ntlm", "kerberos");

  private AuthorizationReader() {}

  /// Returns the credential, which may be [Credential.NoCredential].
  ///
  /// @throws RefusalException for two headers, a malformed one, or a scheme that needs several
  ///   requests on one connection
  static Credential read(Headers headers) throws RefusalException {
    List<String> values = headers.allValues("Authorization");
    if (values.isEmpty()) return new Credential.NoCredential();
    if (values.size() > 1) {
      throw malformed(
          "there are two Authorization headers; look for a second credential in git's configuration"
              + " (http.extraHeader)");
    }
    String value = values.getFirst();
    int space = value.indexOf(' ');
    String scheme = space < 0 ? value : value.substring(0, space);
    String parameters = space < 0 ? "" : value.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Basic")) return basic(parameters, value);
    if (scheme.equalsIgnoreCase("Bearer") && !parameters.isEmpty()) {
      return new Credential.Bearer(parameters, value);
    }
    if (MULTI_REQUEST_SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw new RefusalException(Refusal.noCredential());
    }
    if (parameters.isEmpty()) throw malformed("the Authorization header is malformed");
    return new Credential.OtherScheme(scheme, value);
  }

  // Split at the first colon, because a password may contain one.
  private static Credential basic(String encoded, String headerValue) throws RefusalException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw malformed("the Authorization header is not base64");
    }
    String pair = decode(bytes);
    int colon = pair.indexOf(':');
    if (colon < 0) throw malformed("the Authorization header has no colon");
    return new Credential.Basic(pair.substring(0, colon), pair.substring(colon + 1), headerValue);
  }

  /// Decodes UTF-8 if the bytes are valid UTF-8, else ISO-8859-1.
  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  private static RefusalException malformed(String message) {
    return new RefusalException(Refusal.malformed(message));
  }
}
