import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What git asks of a proxy, many times: so often that the JVM learns what is called how, and keeps
/// that too in the cache (JEP 515). Without it a proxy's first minute goes to compiling.
final class TrainingLoad {
  private static final int CLIENTS = 4;
  private static final int ROUNDS = 50;
  private static final byte[] LS_REFS = question("command=ls-refs\n", "peel\n", "symrefs\n");
  private static final byte[] FETCH =
      question("command=fetch\n", "ofs-delta\n", "want " + "1".repeat(40) + "\n", "done\n");
  private static final byte[] PUSH = push();

  private final String repository;
  private final String authorization;

  TrainingLoad(String repository, String authorization) {
    this.repository = repository;
    this.authorization = authorization;
  }

  /// Asks everything, by several clients at once.
  ///
  /// @throws IOException when an answer is not 200
  void run() throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      Future<?>[] clients = new Future<?>[CLIENTS];
      for (int n = 0; n < CLIENTS; n++) clients[n] = threads.submit(client(n));
      for (Future<?> client : clients) client.get();
    } catch (ExecutionException e) {
      throw new IOException("the load: " + e.getCause(), e);
    }
  }

  // one in four over HTTP/2
  private Callable<Void> client(int number) {
    var version = number == 0 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
    return () -> {
      try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
        for (int n = 0; n < ROUNDS; n++) {
          ask(client, "info/refs?service=git-upload-pack", BodyPublishers.noBody());
          ask(client, "git-upload-pack", BodyPublishers.ofByteArray(LS_REFS));
          for (int m = 0; m < 3; m++) {
            ask(client, "git-upload-pack", BodyPublishers.ofByteArray(FETCH));
          }
          if (n % 3 != 0) continue;
          ask(client, "info/refs?service=git-receive-pack", BodyPublishers.noBody());
          ask(client, "git-receive-pack", BodyPublishers.ofByteArray(PUSH));
        }
      }
      return null;
    };
  }

  private void ask(HttpClient client, String what, BodyPublisher body)
      throws IOException, InterruptedException {
    boolean get = body.contentLength() == 0;
    var request =
        HttpRequest.newBuilder(URI.create(repository + "/" + what))
            .header("Authorization", authorization)
            .header("Git-Protocol", "version=2")
            .method(get ? "GET" : "POST", body);
    if (!get) request.header("Content-Type", "application/x-" + what + "-request");
    int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
    if (status != 200) throw new IOException(what + ": status " + status);
  }

  private static byte[] question(String command, String... arguments) {
    var pkts = new StringBuilder(text(command)).append("0001");
    for (String argument : arguments) pkts.append(text(argument));
    return bytes(pkts.append("0000"));
  }

  private static byte[] push() {
    String update = "0".repeat(40) + " " + "1".repeat(40) + " refs/heads/main\0report-status\n";
    return bytes(new StringBuilder(text(update)).append("0000PACK").repeat("x", 1 << 20));
  }

  private static String text(String payload) {
    return new String(TrainingNode.pkt(payload), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(StringBuilder pkts) {
    return pkts.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
