package packhorse.it.kit.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import packhorse.it.kit.process.TempFiles;

/// Responds to each request to a [PlainNode]: with a planned fault, with status 401, or by running
/// git. Runs on one virtual thread for each request, and another one for the request's body.
final class HttpBackendHandler extends Handler.Abstract {
  private final NodeOptions options;
  private final PlainNodeState state;

  HttpBackendHandler(NodeOptions options, PlainNodeState state) {
    this.options = options;
    this.state = state;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    RequestRecorder recorder = state.startRequest(request);
    try {
      respond(request, response, recorder, state.faultFor(recorder.snapshot()));
      callback.succeeded();
    } catch (IOException e) {
      // The client has disconnected, or a fault closes the connection.
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      callback.failed(e);
    } finally {
      recorder.finish();
    }
    return true;
  }

  private void respond(
      Request request, Response response, RequestRecorder recorder, @Nullable Fault fault)
      throws Exception {
    state.awaitNotPaused();
    switch (fault) {
      case Fault.FixedResponse fixed -> {
        drain(request, recorder);
        fixed.headers().forEach(h -> response.getHeaders().add(h.getKey(), h.getValue()));
        send(response, recorder, fixed.status(), fixed.body());
      }
      case Fault.Hang hang -> {
        state.awaitResumed();
        throw new IOException("planned fault: hang");
      }
      case Fault.Delay delay -> {
        state.awaitResumed();
        runAuthenticated(request, response, recorder, null);
      }
      case null, default -> runAuthenticated(request, response, recorder, fault);
    }
  }

  private void runAuthenticated(
      Request request, Response response, RequestRecorder recorder, @Nullable Fault fault)
      throws Exception {
    if (options.gogs().isPresent()) {
      runAsGogs(options.gogs().get(), request, response, recorder, fault);
      return;
    }
    Optional<String> user = user(request);
    if (user.isEmpty() && !options.users().isEmpty()) {
      drain(request, recorder);
      response
          .getHeaders()
          .put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"" + options.realm() + "\"");
      send(response, recorder, 401, "who are you?\n");
      return;
    }
    if (fault instanceof Fault.Disconnect(long after) && after == 0) {
      drain(request, recorder);
      throw new IOException("planned fault: disconnect");
    }
    run(request, response, recorder, new GitRequest(user, fault));
  }

  private void runAsGogs(
      GogsRules rules,
      Request request,
      Response response,
      RequestRecorder recorder,
      @Nullable Fault fault)
      throws Exception {
    response.getHeaders().add(HttpHeader.SET_COOKIE, GogsRules.COOKIE);
    switch (rules.judge(request)) {
      case GogsRules.Served(String path) -> {
        HttpURI target = HttpURI.build(request.getHttpURI()).path(path);
        var gitRequest = new GitRequest(Optional.of("gogs"), fault);
        run(Request.serveAs(request, target), response, recorder, gitRequest);
      }
      case GogsRules.Refused(int status, Optional<String> challenge, String text) -> {
        drain(request, recorder);
        challenge.ifPresent(value -> response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, value));
        send(response, recorder, status, text);
      }
    }
  }

  /// The authenticated user and the planned fault of a request that git serves.
  private record GitRequest(Optional<String> user, @Nullable Fault fault) {}

  private void run(
      Request request, Response response, RequestRecorder recorder, GitRequest gitRequest)
      throws Exception {
    Path errors = TempFiles.createFile(".cgi");
    Process git = HttpBackend.start(options, request, gitRequest.user(), errors);
    state.processStarted(git);
    request.addFailureListener(failure -> git.destroyForcibly());
    Thread body =
        Thread.ofVirtual().name("plain-node-body").start(() -> copyBody(request, git, recorder));
    boolean complete = false;
    try {
      InputStream fromGit = git.getInputStream();
      HttpBackend.ResponseHead head = HttpBackend.readHead(fromGit);
      head.headers().forEach((name, value) -> response.getHeaders().put(name, value));
      response.setStatus(head.status());
      recorder.recordStatus(head.status());
      copy(fromGit, Content.Sink.asOutputStream(response), recorder, gitRequest.fault());
      body.join();
      complete = true;
    } finally {
      // Not after a complete response: to list the descendants, the JDK reads all processes of the
      // machine, which takes longer than most responses.
      if (!complete) git.descendants().forEach(ProcessHandle::destroyForcibly);
      git.destroyForcibly();
      state.processEnded(git, Files.readString(errors));
      TempFiles.delete(errors);
    }
  }

  private void copy(
      InputStream fromGit, OutputStream toClient, RequestRecorder recorder, @Nullable Fault fault)
      throws IOException, InterruptedException {
    long limit =
        switch (fault) {
          case Fault.Disconnect disconnect -> disconnect.afterBytes();
          case Fault.Stall stall -> stall.afterBytes();
          case Fault.ReplacedBody replaced -> replaced.afterBytes();
          case null, default -> Long.MAX_VALUE;
        };
    byte[] buffer = new byte[64 * 1024];
    long remaining = limit;
    for (int n = fromGit.read(buffer); n >= 0; n = fromGit.read(buffer)) {
      int length = (int) Math.min(n, remaining);
      state.awaitNotPaused();
      toClient.write(buffer, 0, length);
      toClient.flush();
      recorder.responseBytes.addAndGet(length);
      remaining -= length;
      if (remaining > 0) continue;
      if (fault instanceof Fault.Stall) state.awaitResumed();
      if (!(fault instanceof Fault.ReplacedBody replaced))
        throw new IOException("planned fault: disconnect");
      toClient.write(replaced.text().getBytes(StandardCharsets.UTF_8));
      return;
    }
  }

  /// Copies the request's body to git, and reads it to its end even if git no longer reads it.
  private void copyBody(Request request, Process git, RequestRecorder recorder) {
    try (InputStream fromClient = Content.Source.asInputStream(request);
        OutputStream toGit = git.getOutputStream()) {
      byte[] buffer = new byte[64 * 1024];
      boolean writable = true;
      for (int n = fromClient.read(buffer); n >= 0; n = fromClient.read(buffer)) {
        recorder.requestBytes.addAndGet(n);
        state.awaitNotPaused();
        writable = writable && tryWrite(toGit, buffer, n);
      }
    } catch (IOException | InterruptedException | NullPointerException e) {
      // Jetty throws the last one if the node is killed while a request is being read.
      git.destroyForcibly();
    }
  }

  private static boolean tryWrite(OutputStream toGit, byte[] buffer, int length) {
    try {
      toGit.write(buffer, 0, length);
      toGit.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void drain(Request request, RequestRecorder recorder) throws IOException {
    try (InputStream fromClient = Content.Source.asInputStream(request)) {
      recorder.requestBytes.addAndGet(fromClient.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static void send(Response response, RequestRecorder recorder, int status, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    recorder.recordStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    Content.Sink.write(response, true, BufferUtil.toBuffer(body));
    recorder.responseBytes.addAndGet(body.length);
  }

  /// Returns the user that the identity header names, or whose name and password are right.
  private Optional<String> user(Request request) {
    Optional<String> fromHeader =
        options.identityHeader().map(name -> request.getHeaders().get(name));
    if (fromHeader.isPresent()) return fromHeader;
    String value = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (value == null || !value.regionMatches(true, 0, "Basic ", 0, 6)) return Optional.empty();
    String credentials =
        new String(Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.UTF_8);
    int colon = credentials.indexOf(':');
    if (colon < 0) return Optional.empty();
    String name = credentials.substring(0, colon);
    return credentials.substring(colon + 1).equals(options.users().get(name))
        ? Optional.of(name)
        : Optional.empty();
  }
}
