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

/// Handles the requests of a [JGitNode]: git's three requests (`info/refs`, `git-upload-pack`,
/// `git-receive-pack`), and `/` for health probes; every other path is 404. Each request is handled
/// on one virtual thread, from its header to the last byte of the response.
final class GitHttpHandler extends Handler.Abstract {
  // No segment begins with a dot, so that no path leads out of the folder of repositories.
  private static final Pattern PATH =
      Pattern.compile(
          "/((?:\\w[\\w.-]*/)*\\w[\\w.-]*?)(?:\\.git)?/(info/refs|git-upload-pack|git-receive-pack)");

  private final String node;
  private final Path repositories;
  private final Consumer<NodeEvent> listener;

  GitHttpHandler(String node, Path repositories, Consumer<NodeEvent> listener) {
    this.node = node;
    this.repositories = repositories;
    this.listener = listener;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      respond(request, response);
      callback.succeeded();
    } catch (IOException e) {
      // The client closed the connection, or a repository could not be read.
      callback.failed(e);
    }
    return true;
  }

  private void respond(Request request, Response response) throws IOException {
    String path = Request.getPathInContext(request);
    if (path.equals("/")) {
      sendText(response, HttpStatus.OK_200, "a node of the Packhorse demo\n");
      return;
    }
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      sendNotFound(response);
      return;
    }
    String repositoryPath = matcher.group(1);
    String endpoint = matcher.group(2);
    Optional<NodeService> service = service(request, endpoint);
    Path folder = repositories.resolve(repositoryPath + ".git");
    if (service.isEmpty() || !Files.isDirectory(folder)) {
      sendNotFound(response);
      return;
    }
    try (Repository repository = open(folder)) {
      var served = new ServedRepository(repository, node, repositoryPath, listener);
      if (endpoint.equals("info/refs")) advertise(served, service.get(), request, response);
      else exchange(served, service.get(), request, response);
    }
  }

  /// Returns the service that is requested: by the endpoint itself, or for `info/refs` by the query
  /// parameter `service`. Empty if there is no such service, or if the method is wrong.
  ///
  /// @param endpoint the part of the path after the repository
  private static Optional<NodeService> service(Request request, String endpoint)
      throws IOException {
    boolean advertisement = endpoint.equals("info/refs");
    if (!request.getMethod().equals(advertisement ? "GET" : "POST")) return Optional.empty();
    if (!advertisement) return NodeService.of(endpoint);
    Fields query = Request.extractQueryParameters(request);
    return Optional.ofNullable(query.getValue("service")).flatMap(NodeService::of);
  }

  private static Repository open(Path folder) throws IOException {
    return new FileRepositoryBuilder()
        .setBare()
        .setGitDir(folder.toFile())
        .setMustExist(true)
        .build();
  }

  private static void advertise(
      ServedRepository repository, NodeService service, Request request, Response response)
      throws IOException {
    setHeaders(response, "application/x-" + service.gitName() + "-advertisement");
    try (OutputStream toClient = Response.asBufferedOutputStream(request, response)) {
      repository.advertise(service, protocol(request), toClient);
    }
  }

  private static void exchange(
      ServedRepository repository, NodeService service, Request request, Response response)
      throws IOException {
    setHeaders(response, "application/x-" + service.gitName() + "-result");
    boolean gzip = "gzip".equals(request.getHeaders().get(HttpHeader.CONTENT_ENCODING));
    InputStream body = Content.Source.asInputStream(request);
    try (InputStream fromClient = gzip ? new GZIPInputStream(body) : body;
        OutputStream toClient = Response.asBufferedOutputStream(request, response)) {
      repository.exchange(service, protocol(request), fromClient, toClient);
    }
  }

  /// Returns the parameters of the `Git-Protocol` header field, such as `version=2`, which are
  /// separated by colons.
  private static List<String> protocol(Request request) {
    String value = request.getHeaders().get("Git-Protocol");
    return value == null ? List.of() : Arrays.asList(value.split(":", -1));
  }

  private static void setHeaders(Response response, String contentType) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
  }

  private static void sendNotFound(Response response) throws IOException {
    sendText(response, HttpStatus.NOT_FOUND_404, "not found\n");
  }

  private static void sendText(Response response, int status, String text) throws IOException {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
    Content.Sink.write(response, true, text, Callback.NOOP);
  }
}
