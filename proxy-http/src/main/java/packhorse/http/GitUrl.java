package packhorse.http;

import java.util.Locale;
import java.util.Optional;
import packhorse.request.GitRequest.Step;
import packhorse.request.Printable;
import packhorse.request.Refusal;
import packhorse.request.Refused;
import packhorse.request.RepositoryPath;
import packhorse.wire.Service;

/// Reads the target of a request, once and strictly: what two programs could understand differently
/// is refused, so that what was judged here is what a node does (gitprotocol-http). Pure; called by
/// the {@link FrontDoor}.
final class GitUrl {
  private static final String REFS = "/info/refs";
  private static final String PARAMETER = "service=";

  private GitUrl() {}

  /// Reads a request line.
  ///
  /// @param rawPath as it came, before any decoding
  /// @param rawQuery as it came, without its question mark
  /// @throws Refused for what is malformed, not served here, or asked with the wrong method
  static Target read(String method, String rawPath, Optional<String> rawQuery) throws Refused {
    String path = UrlPath.decode(rawPath);
    if (rawQuery.isPresent() && !visible(rawQuery.get())) {
      throw malformed("the query has characters that no URL has");
    }
    for (Service service : Service.values()) {
      if (path.endsWith("/" + service.word())) return exchange(method, path, service);
    }
    if (path.endsWith(REFS) && rawQuery.isPresent() && !rawQuery.get().isEmpty()) {
      return advertisement(method, before(path, REFS), rawQuery.get());
    }
    refuseHidden(path);
    return file(method, path, rawQuery);
  }

  // HTTP/2 could carry a space, which ends the target of HTTP/1.1's request line
  private static boolean visible(String query) {
    return query.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
  }

  private static Target exchange(String method, String path, Service service) throws Refused {
    RepositoryPath repository = repository(before(path, "/" + service.word()));
    return switch (method) {
      case "POST" -> new Target.Git(repository, service, Step.EXCHANGE);
      case "OPTIONS" -> new Target.Git(repository, service, Step.PREFLIGHT);
      default -> throw wrongMethod(method, "POST, OPTIONS");
    };
  }

  private static Target advertisement(String method, String path, String query) throws Refused {
    if (!query.startsWith(PARAMETER) || query.indexOf('&') >= 0) {
      throw malformed("info/refs takes exactly one parameter, service");
    }
    String word = query.substring(PARAMETER.length());
    Optional<Service> service = Service.of(word);
    if (service.isEmpty()) throw malformed("git has no service '" + Printable.of(word) + "'");
    if (path.isEmpty() && service.get() == Service.UPLOAD_PACK) return root(method, query);
    RepositoryPath repository = repository(path);
    return switch (method) {
      case "GET", "HEAD" -> new Target.Git(repository, service.get(), Step.ADVERTISEMENT);
      case "OPTIONS" -> new Target.Git(repository, service.get(), Step.PREFLIGHT);
      default -> throw wrongMethod(method, "GET, HEAD, OPTIONS");
    };
  }

  // git asks so for a repository that is a site's root; only a dumb one can be, served as files
  private static Target root(String method, String query) throws Refused {
    if (!method.equals("GET") && !method.equals("HEAD")) throw wrongMethod(method, "GET, HEAD");
    return new Target.RepositoryFile(repository(REFS), method, "", Optional.of(query));
  }

  private static Target file(String method, String path, Optional<String> query) throws Refused {
    if (path.contains("/info/lfs/") || path.endsWith("/objects/batch")) {
      throw new Refused(
          Refusal.notServed("large files (LFS) are not served here yet; git itself is"));
    }
    if (path.equals("/")) throw new Refused(Refusal.notServed(WELCOME));
    if (!method.equals("GET") && !method.equals("HEAD")) throw wrongMethod(method, "GET, HEAD");
    RepositoryFiles.Split split = RepositoryFiles.split(path);
    return new Target.RepositoryFile(repository(split.repository()), method, split.file(), query);
  }

  private static final String WELCOME =
      "this is a git server; clone with git clone URL/owner/repository.git (pages are not served"
          + " here yet)";

  /// A service or the list of refs under another spelling is no file: some node could take it for
  /// what it looks like.
  private static void refuseHidden(String path) throws Refused {
    String folded = path.toLowerCase(Locale.ROOT);
    for (Service service : Service.values()) {
      if (folded.contains("/" + service.word())) {
        throw malformed("git's services are spelt in lower case and end a path");
      }
    }
    if (folded.contains(REFS) && !path.endsWith(REFS)) {
      throw malformed("info/refs is spelt in lower case and ends a path");
    }
  }

  private static RepositoryPath repository(String path) throws Refused {
    if (path.isEmpty()) throw malformed("the path names no repository");
    return RepositoryPath.parse(path);
  }

  private static String before(String path, String suffix) {
    return path.substring(0, path.length() - suffix.length());
  }

  private static Refused malformed(String sentence) {
    return new Refused(Refusal.malformed(sentence));
  }

  private static Refused wrongMethod(String method, String allowed) {
    String sentence =
        "the method " + Printable.of(method) + " is not for this path; use " + allowed;
    return new Refused(new Refusal(Refusal.Kind.WRONG_METHOD, sentence, allowed));
  }
}
