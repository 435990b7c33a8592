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

/// Sends the requests that git sends, so many times that the JVM collects profiles of the methods
/// that serve them and stores these in the start-up cache too (JEP 515). Without stored profiles, a
/// proxy spends much of its first minute on compiling. Used by [Training].
final class TrainingLoad {
  private static final int CLIENTS = 4;
  private static final int ROUNDS = 50;
  private static final byte[] LS_REFS = v2Request("command=ls-refs\n", "peel\n", "symrefs\n");
  private static final byte[] FETCH =
      v2Request("command=fetch\n", "ofs-delta\n", "want " + "1".repeat(40) + "\n", "done\n");
  private static final byte[] PUSH = pushRequest();

  private final String repository;
  private final String authorization;

  /// @param repository the URL of a repository at the proxy
  /// @param authorization the value of the Authorization header
  TrainingLoad(String repository, String authorization) {
    this.repository = repository;
    this.authorization = authorization;
  }

  /// Sends all requests, with several clients at the same time. Blocks until they have ended.
  ///
  /// @throws IOException if a request fails, or the status of a response is not 200
  void run() throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      Future<?>[] clients = new Future<?>[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) clients[i] = threads.submit(client(i));
      for (Future<?> client : clients) client.get();
    } catch (ExecutionException e) {
      throw new IOException("a request of the training load failed: " + e.getCause(), e);
    }
  }

  // The first client uses HTTP/2, all others HTTP/1.1. Each round fetches three times, and every
  // third round also pushes.
  private Callable<Void> client(int number) {
    var version = number == 0 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
    return () -> {
      try (HttpClient http = HttpClient.newBuilder().version(version).build()) {
        for (int round = 0; round < ROUNDS; round++) {
          send(http, "info/refs?service=git-upload-pack", BodyPublishers.noBody());
          send(http, "git-upload-pack", BodyPublishers.ofByteArray(LS_REFS));
          for (int i = 0; i < 3; i++) {
            send(http, "git-upload-pack", BodyPublishers.ofByteArray(FETCH));
          }
          if (round % 3 != 0) continue;
          send(http, "info/refs?service=git-receive-pack", BodyPublishers.noBody());
          send(http, "git-receive-pack", BodyPublishers.ofByteArray(PUSH));
        }
      }
      return null;
    };
  }

  // Sends a GET if the body is empty, or else a POST.
  private void send(HttpClient http, String target, BodyPublisher body)
      throws IOException, InterruptedException {
    boolean get = body.contentLength() == 0;
    var request =
        HttpRequest.newBuilder(URI.create(repository + "/" + target))
            .header("Authorization", authorization)
            .header("Git-Protocol", "version=2")
            .method(get ? "GET" : "POST", body);
    if (!get) request.header("Content-Type", "application/x-" + target + "-request");
    int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
    if (status != 200) throw new IOException(target + ": status " + status);
  }

  // A request of protocol v2: the command, a delimiter, the arguments and a flush.
  private static byte[] v2Request(String command, String... arguments) {
    var pkts = new StringBuilder(pktText(command)).append("0001");
    for (String argument : arguments) pkts.append(pktText(argument));
    return bytes(pkts.append("0000"));
  }

  // A push of one update, with 1 MiB in place of pack data, which the training node discards.
  private static byte[] pushRequest() {
    String update = "0".repeat(40) + " " + "1".repeat(40) + " refs/heads/main\0report-status\n";
    return bytes(new StringBuilder(pktText(update)).append("0000PACK").repeat("x", 1 << 20));
  }

  private static String pktText(String payload) {
    return new String(TrainingNode.pkt(payload), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(StringBuilder pkts) {
    return pkts.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
