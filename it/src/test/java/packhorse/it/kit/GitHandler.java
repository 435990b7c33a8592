package packhorse.it.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Answers each request of a [PlainNode]: by a fault that was planned, by asking for a password, or
/// by running git. Runs on one virtual thread for a request, and one more for the request's body.
final class GitHandler extends Handler.Abstract {
  private final NodeOptions options;
  private final NodeMemory memory;

  GitHandler(NodeOptions options, NodeMemory memory) {
    this.options = options;
    this.memory = memory;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Hearing hearing = memory.hear(request);
    try {
      answer(request, response, hearing, memory.faultFor(hearing.seen()));
      callback.succeeded();
    } catch (IOException e) {
      // The client went away, or a fault says that the node does.
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      callback.failed(e);
    } finally {
      hearing.ended();
    }
    return true;
  }

  private void answer(Request request, Response response, Hearing hearing, @Nullable Fault fault)
      throws Exception {
    memory.awaitOpen();
    switch (fault) {
      case Fault.Says says -> {
        drain(request, hearing);
        says.headers().forEach(h -> response.getHeaders().add(h.getKey(), h.getValue()));
        say(response, hearing, says.status(), says.body());
      }
      case Fault.Hangs hangs -> {
        memory.awaitResumed();
        throw new IOException("hung");
      }
      case Fault.Waits waits -> {
        memory.awaitResumed();
        authenticated(request, response, hearing, null);
      }
      case null, default -> authenticated(request, response, hearing, fault);
    }
  }

  private void authenticated(
      Request request, Response response, Hearing hearing, @Nullable Fault fault) throws Exception {
    Optional<String> user = user(request);
    if (user.isEmpty() && !options.users().isEmpty()) {
      drain(request, hearing);
      response
          .getHeaders()
          .put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"" + options.realm() + "\"");
      say(response, hearing, 401, "who are you?\n");
      return;
    }
    if (fault instanceof Fault.Cuts(long after) && after == 0) {
      drain(request, hearing);
      throw new IOException("cut");
    }
    run(request, response, hearing, new Exchange(user, fault));
  }

  private record Exchange(Optional<String> user, @Nullable Fault fault) {}

  private void run(Request request, Response response, Hearing hearing, Exchange exchange)
      throws Exception {
    Path errors = Scratch.file(".cgi");
    Process git = Cgi.start(options, request, exchange.user(), errors);
    memory.running(git);
    request.addFailureListener(failure -> git.destroyForcibly());
    Thread body =
        Thread.ofVirtual().name("plain-node-body").start(() -> send(request, git, hearing));
    boolean whole = false;
    try {
      InputStream fromGit = git.getInputStream();
      Cgi.Head head = Cgi.head(fromGit);
      head.headers().forEach((name, value) -> response.getHeaders().put(name, value));
      response.setStatus(head.status());
      hearing.answered(head.status());
      copy(fromGit, Content.Sink.asOutputStream(response), hearing, exchange.fault());
      body.join();
      whole = true;
    } finally {
      // looks at all processes of the machine, which would cost more than most answers
      if (!whole) git.descendants().forEach(ProcessHandle::destroyForcibly);
      git.destroyForcibly();
      memory.ended(git, Files.readString(errors));
      Scratch.delete(errors);
    }
  }

  private static void copy(
      InputStream fromGit, OutputStream toClient, Hearing hearing, @Nullable Fault fault)
      throws IOException {
    long limit =
        switch (fault) {
          case Fault.Cuts cuts -> cuts.after();
          case Fault.Turns turns -> turns.after();
          case null, default -> Long.MAX_VALUE;
        };
    byte[] piece = new byte[64 * 1024];
    long left = limit;
    for (int n = fromGit.read(piece); n >= 0; n = fromGit.read(piece)) {
      int pass = (int) Math.min(n, left);
      toClient.write(piece, 0, pass);
      toClient.flush();
      hearing.bytesOut.addAndGet(pass);
      left -= pass;
      if (left > 0) continue;
      if (!(fault instanceof Fault.Turns turns)) throw new IOException("cut");
      toClient.write(turns.text().getBytes(StandardCharsets.UTF_8));
      return;
    }
  }

  /// Gives git the request's body; reads on to its end when git no longer wants it.
  private static void send(Request request, Process git, Hearing hearing) {
    try (InputStream fromClient = Content.Source.asInputStream(request);
        OutputStream toGit = git.getOutputStream()) {
      byte[] piece = new byte[64 * 1024];
      boolean wanted = true;
      for (int n = fromClient.read(piece); n >= 0; n = fromClient.read(piece)) {
        hearing.bytesIn.addAndGet(n);
        wanted = wanted && write(toGit, piece, n);
      }
    } catch (IOException e) {
      git.destroyForcibly();
    }
  }

  private static boolean write(OutputStream toGit, byte[] piece, int length) {
    try {
      toGit.write(piece, 0, length);
      toGit.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void drain(Request request, Hearing hearing) throws IOException {
    try (InputStream fromClient = Content.Source.asInputStream(request)) {
      hearing.bytesIn.addAndGet(fromClient.transferTo(OutputStream.nullOutputStream()));
    }
  }

  private static void say(Response response, Hearing hearing, int status, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    hearing.answered(status);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    Content.Sink.write(response, true, BufferUtil.toBuffer(body));
    hearing.bytesOut.addAndGet(body.length);
  }

  private Optional<String> user(Request request) {
    Optional<String> believed = options.identity().map(name -> request.getHeaders().get(name));
    if (believed.isPresent()) return believed;
    String value = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (value == null || !value.regionMatches(true, 0, "Basic ", 0, 6)) return Optional.empty();
    String pair =
        new String(Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    if (colon < 0) return Optional.empty();
    String name = pair.substring(0, colon);
    return pair.substring(colon + 1).equals(options.users().get(name))
        ? Optional.of(name)
        : Optional.empty();
  }
}
