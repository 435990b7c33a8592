package packhorse.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// The requests of a [JGitNode]: the three of git, `/` for probes, and 404 for all else. One
/// virtual thread for a request, from the head to the last byte.
final class GitRequests extends Handler.Abstract {
  /// No segment begins with a dot, so no path leads out of the folder.
  private static final Pattern PATH =
      Pattern.compile(
          "/((?:\\w[\\w.-]*/)*\\w[\\w.-]*?)(?:\\.git)?/(info/refs|git-upload-pack|git-receive-pack)");

  private final String node;
  private final Path repositories;
  private final Consumer<NodeAnswer> answered;

  GitRequests(String node, Path repositories, Consumer<NodeAnswer> answered) {
    this.node = node;
    this.repositories = repositories;
    this.answered = answered;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      answer(request, response);
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e); // the client went away, or a repository could not be read
    }
    return true;
  }

  private void answer(Request request, Response response) throws IOException {
    String path = Request.getPathInContext(request);
    if (path.equals("/")) {
      say(response, HttpStatus.OK_200, "a node of the Packhorse demo\n");
      return;
    }
    Matcher matcher = PATH.matcher(path);
    Optional<Service> service =
        matcher.matches() ? service(request, matcher.group(2)) : Optional.empty();
    Path folder = repositories.resolve(service.isPresent() ? matcher.group(1) + ".git" : ".git");
    if (service.isEmpty() || !Files.isDirectory(folder)) {
      say(response, HttpStatus.NOT_FOUND_404, "not found\n");
      return;
    }
    try (Repository repository = open(folder)) {
      var served = new ServedRepository(repository, node, matcher.group(1), answered);
      if (matcher.group(2).equals("info/refs")) advertise(served, service.get(), request, response);
      else exchange(served, service.get(), request, response);
    }
  }

  /// The service that the path (or the query, for `info/refs`) names, with the method that it
  /// needs.
  private static Optional<Service> service(Request request, String last) throws IOException {
    boolean advertisement = last.equals("info/refs");
    if (!request.getMethod().equals(advertisement ? "GET" : "POST")) return Optional.empty();
    if (!advertisement) return Service.named(last);
    Fields query = Request.extractQueryParameters(request);
    return Optional.ofNullable(query.getValue("service")).flatMap(Service::named);
  }

  private static Repository open(Path folder) throws IOException {
    return new FileRepositoryBuilder()
        .setBare()
        .setGitDir(folder.toFile())
        .setMustExist(true)
        .build();
  }

  private static void advertise(
      ServedRepository repository, Service service, Request request, Response response)
      throws IOException {
    head(response, "application/x-" + service.gitName() + "-advertisement");
    try (OutputStream toClient = Response.asBufferedOutputStream(request, response)) {
      repository.advertise(service, protocol(request), toClient);
    }
  }

  private static void exchange(
      ServedRepository repository, Service service, Request request, Response response)
      throws IOException {
    head(response, "application/x-" + service.gitName() + "-result");
    boolean packed = "gzip".equals(request.getHeaders().get(HttpHeader.CONTENT_ENCODING));
    InputStream body = Content.Source.asInputStream(request);
    try (InputStream fromClient = packed ? new GZIPInputStream(body) : body;
        OutputStream toClient = Response.asBufferedOutputStream(request, response)) {
      repository.exchange(service, protocol(request), fromClient, toClient);
    }
  }

  /// What `Git-Protocol` asks for: `version=2` and other words between colons.
  private static List<String> protocol(Request request) {
    String words = request.getHeaders().get("Git-Protocol");
    return words == null ? List.of() : Arrays.asList(words.split(":", -1));
  }

  private static void head(Response response, String type) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
  }

  private static void say(Response response, int status, String words) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
    Content.Sink.write(response, true, words, Callback.NOOP);
  }
}
