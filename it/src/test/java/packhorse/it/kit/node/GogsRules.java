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

/// What Gogs 0.14 answers before it runs git: whether a repository exists, and who may read or push
/// to it. A [PlainNode] with these rules stands for a node of Gogs. Immutable.
///
/// @param passwords the passwords of the users by their names
/// @param repositories the rights by the names of the repositories, `acme/app`, in lower case
/// @param hasDatabase whether the health check reports that the database can be reached
public record GogsRules(
    Map<String, String> passwords, Map<String, Rights> repositories, boolean hasDatabase) {
  private static final Pattern GIT_PATH =
      Pattern.compile("/([^/]+/[^/]+)/(info/refs|git-upload-pack|git-receive-pack)");
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
    if (!git.matches()) return notFound();
    String onDisk = withoutSuffix(git.group(1).toLowerCase(Locale.ROOT), ".git");
    Rights rights = repositories.get(withoutSuffix(onDisk, ".wiki"));
    if (rights == null) return notFound();
    boolean pull = !(path + "?" + request.getHttpURI().getQuery()).contains("git-receive-pack");
    return refusal(request, rights, pull)
        .<Verdict>map(refused -> refused)
        .orElseGet(() -> new Served("/" + onDisk + ".git/" + git.group(2)));
  }

  private Optional<Refused> refusal(Request request, Rights rights, boolean pull) {
    if (pull && rights.isPublic()) return Optional.empty();
    Optional<String> user = user(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    if (user.isEmpty()) return Optional.of(new Refused(401, Optional.of(CHALLENGE), ""));
    boolean writes = rights.writers().contains(user.get());
    boolean allowed = writes || (pull && rights.readers().contains(user.get()));
    return allowed
        ? Optional.empty()
        : Optional.of(new Refused(403, Optional.of(CHALLENGE), "User permission denied\n"));
  }

  private Optional<String> user(String authorization) {
    if (authorization == null || !authorization.startsWith("Basic ")) return Optional.empty();
    String credentials =
        new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
    int colon = credentials.indexOf(':');
    String name = credentials.substring(0, Math.max(0, colon));
    return Optional.of(name)
        .filter(known -> credentials.substring(colon + 1).equals(passwords.get(known)));
  }

  private static Refused notFound() {
    return new Refused(404, Optional.empty(), "404 page not found\n");
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }
}
