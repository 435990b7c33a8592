package packhorse.http.front;

import java.util.Locale;
import java.util.Optional;
import packhorse.request.GitRequest.Step;
import packhorse.request.PrintableText;
import packhorse.request.Refusal;
import packhorse.request.RefusalException;
import packhorse.request.RepositoryPath;
import packhorse.request.WebPath;
import packhorse.request.WebRequest.RepositoryFile;
import packhorse.wire.GitService;

/// Parses the method and URL of a git request (gitprotocol-http) into a [RequestTarget]. A URL that
/// a node could interpret differently is refused, so that the node cannot perform another operation
/// than the one that the proxy authorized. Stateless; called by [RequestReader].
final class GitUrl {
  private static final String INFO_REFS = "/info/refs";
  private static final String SERVICE_PARAMETER = "service=";

  private GitUrl() {}

  /// Parses a method, path and query.
  ///
  /// @param rawPath the path as received, before any decoding
  /// @param rawQuery the query as received, without its question mark
  /// @throws RefusalException if the target is malformed, not served, or does not allow the method
  static RequestTarget read(String method, String rawPath, Optional<String> rawQuery)
      throws RefusalException {
    WebPath webPath = WebPath.parse(rawPath);
    String query = rawQuery.orElse("");
    if (!isPrintable(query)) {
      throw malformed("the query has characters that are not allowed in a URL");
    }
    if (method.equals("TRACE") || method.equals("CONNECT")) throw wrongMethod(method, "GET");
    boolean read = method.equals("GET") || method.equals("HEAD");
    if (LargeFileRequest.isPath(webPath.lowerCase())) {
      return largeFiles(method, webPath, rawQuery);
    }
    if (!webPath.namesGit()) return page(method, webPath, rawQuery, Optional.empty());
    if (webPath.lowerCase().endsWith(INFO_REFS) && mayNameService(query)) {
      String path = UrlPathDecoder.decode(rawPath);
      if (!path.endsWith(INFO_REFS)) throw otherSpelling();
      return advertisement(method, withoutSuffix(path, INFO_REFS), query, webPath);
    }
    if (!read) return serviceOrPage(method, webPath, rawQuery);
    return page(method, webPath, rawQuery, query.isEmpty() ? file(rawPath) : Optional.empty());
  }

  // A page about a file can have such a path, too.
  private static RequestTarget largeFiles(String method, WebPath webPath, Optional<String> rawQuery)
      throws RefusalException {
    boolean read = method.equals("GET") || method.equals("HEAD");
    Optional<RequestTarget> target =
        LargeFileRequest.read(method, UrlPathDecoder.decode(webPath.raw()), rawQuery);
    if (target.isPresent()) return target.get();
    if (read) return page(method, webPath, rawQuery, Optional.empty());
    throw new RefusalException(Refusal.notServed("this is not a request of Git LFS"));
  }

  // Whether a node could find the name of a service in the query, however it reads it.
  private static boolean mayNameService(String query) {
    return query.indexOf('%') >= 0 || query.toLowerCase(Locale.ROOT).contains("service");
  }

  // Whether a path with a name of git in it can be a page, only the kind of the pool can tell.
  private static RequestTarget serviceOrPage(String method, WebPath webPath, Optional<String> query)
      throws RefusalException {
    String lowerCase = webPath.lowerCase();
    for (GitService service : GitService.values()) {
      String name = "/" + service.serviceName();
      if (webPath.raw().endsWith(name)) {
        return serviceCall(method, UrlPathDecoder.decode(webPath.raw()), service);
      }
      if (lowerCase.endsWith(name)) throw otherSpelling();
    }
    return page(method, webPath, query, Optional.empty());
  }

  private static RequestTarget page(
      String method, WebPath path, Optional<String> query, Optional<RepositoryFile> file) {
    return new RequestTarget.PageTarget(method, path, query, file);
  }

  /// The file of the dumb protocol that a path names; empty if it names none in the one spelling in
  /// which all programs read the same.
  private static Optional<RepositoryFile> file(String rawPath) {
    try {
      RepositoryFilePath split = RepositoryFilePath.split(UrlPathDecoder.decode(rawPath));
      return split.isPage()
          ? Optional.empty()
          : Optional.of(new RepositoryFile(repository(split.repository()), split.file()));
    } catch (RefusalException e) {
      return Optional.empty();
    }
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

  private static RequestTarget advertisement(
      String method, String path, String query, WebPath webPath) throws RefusalException {
    if (!query.startsWith(SERVICE_PARAMETER) || query.indexOf('&') >= 0) {
      throw malformed("info/refs takes exactly one parameter, service");
    }
    String name = query.substring(SERVICE_PARAMETER.length());
    Optional<GitService> service = GitService.of(name);
    if (service.isEmpty()) throw malformed("git has no service '" + PrintableText.of(name) + "'");
    if (path.isEmpty() && service.get() == GitService.UPLOAD_PACK) {
      return rootRepository(method, query, webPath);
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
  // protocol. The repository has no name, so it is named by that file.
  private static RequestTarget rootRepository(String method, String query, WebPath path)
      throws RefusalException {
    requireGetOrHead(method);
    RepositoryFile root = new RepositoryFile(repository(INFO_REFS), "");
    return page(method, path, Optional.of(query), Optional.of(root));
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

  private static RefusalException otherSpelling() {
    return malformed("the name of a git service must be in lower case and end the path");
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
