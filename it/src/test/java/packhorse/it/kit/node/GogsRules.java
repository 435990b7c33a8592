package packhorse.it.kit.node;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;

/// What Gogs 0.14.3 answers before it runs git: whether a repository exists, and who may read or
/// push to it. A [PlainNode] with these rules stands for a node of Gogs. Immutable.
///
/// @param passwords the passwords of the users by their names, in lower case
/// @param tokens the names of the users by their access tokens
/// @param repositories the rights by the names of the repositories, `acme/app`, in lower case
/// @param hasDatabase whether the database can be reached
public record GogsRules(
    Map<String, String> passwords,
    Map<String, String> tokens,
    Map<String, Rights> repositories,
    boolean hasDatabase) {
  /// Sent with every response.
  static final String COOKIE = "lang=en-US; Path=/; Max-Age=2147483647";

  private static final Pattern GIT_PATH =
      Pattern.compile("/([^/]+/[^/]+)/(info/refs|git-upload-pack|git-receive-pack)");
  private static final String INFO_REFS = "info/refs";
  private static final String RECEIVE_PACK = "git-receive-pack";
  private static final String CHALLENGE = "Basic realm=\".\"";

  /// Who may do what with a repository.
  ///
  /// @param isPublic whether everybody may read it, without a credential
  /// @param readers the names of those who may read it; writers may, too
  public record Rights(boolean isPublic, Set<String> readers, Set<String> writers) {}

  /// What the node does with a request.
  sealed interface Verdict {}

  /// Git serves the request.
  ///
  /// @param path the path of the repository on the disk, and of the service
  record Served(String path) implements Verdict {}

  /// The node responds itself.
  record Refused(int status, Optional<String> challenge, String text) implements Verdict {}

  Verdict judge(Request request) {
    String path = URIUtil.decodePath(request.getHttpURI().getPath());
    if (path.equals("/healthcheck")) {
      String state = hasDatabase ? "OK" : "dial tcp: connection refused";
      return new Refused(200, Optional.empty(), "* Database connection: " + state + "\n");
    }
    Matcher git = GIT_PATH.matcher(path);
    if (!git.matches()) return withoutText(404);
    if (!hasDatabase) return withoutText(500);
    Rights rights = repositories.get(nameOf(git.group(1)));
    if (rights == null) return withoutText(404);
    String service = git.group(2);
    return refusal(request, rights, isPull(request, service))
        .or(() -> objectionToMethod(request.getMethod(), service))
        .<Verdict>map(refused -> refused)
        .orElseGet(() -> new Served("/" + pathOnDisk(git.group(1)) + "/" + service));
  }

  // The suffixes count in lower case only, and a name with another one is looked up as it is.
  private static String nameOf(String path) {
    return lowerCase(withoutSuffix(withoutSuffix(path, ".git"), ".wiki"));
  }

  private static String pathOnDisk(String path) {
    return withoutSuffix(lowerCase(path), ".git") + ".git";
  }

  private static boolean isPull(Request request, String service) {
    if (!service.equals(INFO_REFS)) return !service.equals(RECEIVE_PACK);
    return !RECEIVE_PACK.equals(Request.extractQueryParameters(request).getValue("service"));
  }

  private static Optional<Refused> objectionToMethod(String method, String service) {
    boolean isList = service.equals(INFO_REFS);
    if (isList && method.equals("HEAD")) return Optional.of(withoutText(500));
    return method.equals(isList ? "GET" : "POST")
        ? Optional.empty()
        : Optional.of(withoutText(404));
  }

  private Optional<Refused> refusal(Request request, Rights rights, boolean pull) {
    if (pull && rights.isPublic()) return Optional.empty();
    Optional<String> user = user(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    if (user.isEmpty()) return Optional.of(new Refused(401, Optional.of(CHALLENGE), ""));
    boolean writes = rights.writers().contains(user.get());
    boolean allowed = writes || (pull && rights.readers().contains(user.get()));
    return allowed
        ? Optional.empty()
        : Optional.of(new Refused(403, Optional.of(CHALLENGE), "User permission denied"));
  }

  // A name with its password; else an access token as the name; else one as the password.
  private Optional<String> user(String authorization) {
    if (authorization == null || !authorization.startsWith("Basic ")) return Optional.empty();
    String credentials =
        new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
    int colon = credentials.indexOf(':');
    String name = credentials.substring(0, Math.max(0, colon));
    String password = credentials.substring(colon + 1);
    if (password.equals(passwords.get(lowerCase(name)))) return Optional.of(lowerCase(name));
    return Optional.ofNullable(tokens.get(name))
        .or(() -> Optional.ofNullable(tokens.get(password)));
  }

  private static Refused withoutText(int status) {
    return new Refused(status, Optional.empty(), "");
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }
}
