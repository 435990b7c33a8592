package packhorse.http.front;

import java.util.Locale;
import java.util.Optional;
import packhorse.request.GitRequest.Step;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.wire.GitService;

/// Parses the method and URL of a git request (gitprotocol-http) into a [RequestTarget]. A URL that
/// a node could interpret differently is refused, so that the node cannot perform another operation
/// than the one that the proxy authorized. Stateless; called by [RequestReader].
final class GitUrl {
  private static final String INFO_REFS = "/info/refs";
  private static final String SERVICE_PARAMETER = "service=";
  private static final String WELCOME =
      "this is a git server; clone with git clone URL/owner/repository.git (pages are not served"
          + " here yet)";

  private GitUrl() {}

  /// Parses a method, path and query.
  ///
  /// @param rawPath the path as received, before any decoding
  /// @param rawQuery the query as received, without its question mark
  /// @throws RefusalException if the target is malformed, not served, or does not allow the method
  static RequestTarget read(String method, String rawPath, Optional<String> rawQuery)
      throws RefusalException {
    String path = UrlPathDecoder.decode(rawPath);
    if (rawQuery.isPresent() && !isPrintable(rawQuery.get())) {
      throw malformed("the query has characters that are not allowed in a URL");
    }
    for (GitService service : GitService.values()) {
      if (path.endsWith("/" + service.serviceName())) return serviceCall(method, path, service);
    }
    if (path.endsWith(INFO_REFS) && rawQuery.isPresent() && !rawQuery.get().isEmpty()) {
      return advertisement(method, withoutSuffix(path, INFO_REFS), rawQuery.get());
    }
    refuseOtherSpellings(path);
    return file(method, path, rawQuery);
  }

  // A query in HTTP/2 can contain a space, which would end the request target in a request to a
  // node over HTTP/1.1.
  private static boolean isPrintable(String query) {
    return query.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
  }

  private static RequestTarget serviceCall(String method, String path, GitService service)
      throws RefusalException {
    RepositoryPath repository = repository(withoutSuffix(path, "/" + service.serviceName()));
    return switch (method) {
      case "POST" -> new RequestTarget.ServiceTarget(repository, service, Step.EXCHANGE);
      case "OPTIONS" -> new RequestTarget.ServiceTarget(repository, service, Step.PREFLIGHT);
      default -> throw wrongMethod(method, "POST, OPTIONS");
    };
  }

  private static RequestTarget advertisement(String method, String path, String query)
      throws RefusalException {
    if (!query.startsWith(SERVICE_PARAMETER) || query.indexOf('&') >= 0) {
      throw malformed("info/refs takes exactly one parameter, service");
    }
    String name = query.substring(SERVICE_PARAMETER.length());
    Optional<GitService> service = GitService.of(name);
    if (service.isEmpty()) throw malformed("git has no service '" + PrintableText.of(name) + "'");
    if (path.isEmpty() && service.get() == GitService.UPLOAD_PACK) {
      return rootRepository(method, query);
    }
    RepositoryPath repository = repository(path);
    return switch (method) {
      case "GET", "HEAD" ->
          new RequestTarget.ServiceTarget(repository, service.get(), Step.ADVERTISEMENT);
      case "OPTIONS" -> new RequestTarget.ServiceTarget(repository, service.get(), Step.PREFLIGHT);
      default -> throw wrongMethod(method, "GET, HEAD, OPTIONS");
    };
  }

  // Git requests `/info/refs?service=git-upload-pack` if the URL of the repository has no path. The
  // proxy serves no smart protocol for it, but git also accepts the file `info/refs` of the dumb
  // protocol. No rule can name the repository, so the path counts as that of a page.
  private static RequestTarget rootRepository(String method, String query) throws RefusalException {
    requireGetOrHead(method);
    return new RequestTarget.FileTarget(
        repository(INFO_REFS), method, "", Optional.of(query), true);
  }

  private static RequestTarget file(String method, String path, Optional<String> query)
      throws RefusalException {
    if (LargeFileRequest.isPath(path)) {
      throw new RefusalException(
          Refusal.notServed("large files (Git LFS) are not served here yet, only git itself"));
    }
    if (path.equals("/")) throw new RefusalException(Refusal.notServed(WELCOME));
    requireGetOrHead(method);
    RepositoryFilePath split = RepositoryFilePath.split(path);
    // A query could make the node open something else than the path says.
    boolean hasQuery = query.isPresent() && !query.get().isEmpty();
    return new RequestTarget.FileTarget(
        repository(split.repository()), method, split.file(), query, split.isPage() || hasQuery);
  }

  /// Refuses a path that contains the name of a service or `info/refs` in another spelling or at
  /// another place. Such a path must not be relayed as that of a file, because a node could treat
  /// it as a request for the service.
  private static void refuseOtherSpellings(String path) throws RefusalException {
    String lowerCase = path.toLowerCase(Locale.ROOT);
    for (GitService service : GitService.values()) {
      if (lowerCase.contains("/" + service.serviceName())) {
        throw malformed("the name of a git service must be in lower case and end the path");
      }
    }
    if (lowerCase.contains(INFO_REFS) && !path.endsWith(INFO_REFS)) {
      throw malformed("info/refs must be in lower case and end the path");
    }
  }

  private static RepositoryPath repository(String path) throws RefusalException {
    if (path.isEmpty()) throw malformed("the path names no repository");
    return RepositoryPath.parse(path);
  }

  private static String withoutSuffix(String path, String suffix) {
    return path.substring(0, path.length() - suffix.length());
  }

  private static void requireGetOrHead(String method) throws RefusalException {
    if (!method.equals("GET") && !method.equals("HEAD")) throw wrongMethod(method, "GET, HEAD");
  }

  private static RefusalException malformed(String message) {
    return new RefusalException(Refusal.malformed(message));
  }

  private static RefusalException wrongMethod(String method, String allowed) {
    String message =
        "the method " + PrintableText.of(method) + " is not allowed for this path; use " + allowed;
    return new RefusalException(new Refusal(Refusal.Kind.WRONG_METHOD, message, allowed));
  }
}
