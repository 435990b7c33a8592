import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/// Runs the finished distribution once, so that the JVM records what a proxy loads and executes.
/// The proxy starts on free ports of the loopback address, with a [TrainingNode] as its only node,
/// serves a [TrainingLoad] of some seconds and a request to each other listener, and is stopped.
/// Used by [StartUpCache].
final class Training {
  /// The time limit of the start, of the stop, and of a read from the SSH listener.
  private static final Duration TIME_LIMIT = Duration.ofMinutes(2);

  /// The hash of the password `x`, as `packhorse hash` prints it.
  private static final String PASSWORD_HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$xk50oYGY2K9JfLx5YXMKuQ$+hQf2dx88411PoLDQcf7yMk98naIMcZEpn7EorzEWbU";

  private static final String AUTHORIZATION =
      "Basic " + Base64.getEncoder().encodeToString("trainer:x".getBytes(StandardCharsets.UTF_8));

  private final Path program;
  private final int httpPort;
  private final int sshPort;
  private final int statusPort;
  private final TrainingNode node;

  private Training(Path program, TrainingNode node, int httpPort, int sshPort, int statusPort) {
    this.program = program;
    this.node = node;
    this.httpPort = httpPort;
    this.sshPort = sshPort;
    this.statusPort = statusPort;
  }

  /// Runs the training.
  ///
  /// @param program the distribution's `bin/packhorse`
  /// @param jvmOptions the value of `JAVA_TOOL_OPTIONS`
  /// @throws IOException if the proxy does not start, serve or stop; the message contains its
  ///   output
  static void run(Path program, String jvmOptions) throws IOException, InterruptedException {
    try (var node = new TrainingNode();
        var http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var ssh = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var status = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // The sockets were opened only to find free ports.
      http.close();
      ssh.close();
      status.close();
      int[] ports = {http.getLocalPort(), ssh.getLocalPort(), status.getLocalPort()};
      new Training(program, node, ports[0], ports[1], ports[2]).runProxy(jvmOptions);
    }
  }

  private void runProxy(String jvmOptions) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("packhorse-training-");
    Path output = folder.resolve("output");
    Files.writeString(folder.resolve("trainer.hash"), PASSWORD_HASH);
    writeHostKey(Files.createDirectory(folder.resolve("ssh")).resolve("key"));
    Path configuration = Files.writeString(folder.resolve("packhorse.yaml"), configuration());
    var command = new ProcessBuilder(program.toString(), "serve", configuration.toString());
    command.environment().put("JAVA_TOOL_OPTIONS", jvmOptions);
    Process proxy = command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      sendRequests(proxy);
      proxy.destroy();
      if (!proxy.waitFor(TIME_LIMIT.toSeconds(), TimeUnit.SECONDS))
        throw new IOException("the proxy has not stopped after " + TIME_LIMIT);
    } catch (IOException e) {
      throw new IOException(
          "the training with %s failed: %s; the proxy's output:\n%s"
              .formatted(jvmOptions, e.getMessage(), Files.readString(output)),
          e);
    } finally {
      proxy.destroyForcibly();
      Folders.delete(folder);
    }
  }

  /// Writes a host key. Otherwise the proxy would generate all its host keys, and that takes
  /// seconds for the RSA key.
  private static void writeHostKey(Path file) throws IOException {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      String key = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
      Files.writeString(
          file, "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  private String configuration() {
    return """
    public-url: "http://127.0.0.1:%1$d"
    public-ssh: "127.0.0.1:%2$d"
    listeners:
      http:   { address: "127.0.0.1:%1$d" }
      ssh:    { address: "127.0.0.1:%2$d", host-keys: ssh/ }
      status: { address: "127.0.0.1:%3$d" }
    control: control.sock
    pools:
      training:
        kind: plain
        nodes: { one: "http://127.0.0.1:%4$d" }
        probe: { path: / }
        authentication: proxy
        act-as: nobody
    users: { trainer: { password: { file: trainer.hash } } }
    policy: [ { allow: [ all ] } ]
    state: { directory: state }
    audit: { file: audit.jsonl }
    """
        .formatted(httpPort, sshPort, statusPort, node.port());
  }

  // Waits until the proxy is ready, and then sends requests to each of its listeners.
  private void sendRequests(Process proxy) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TIME_LIMIT.toNanos();
    while (!responds("http://127.0.0.1:" + statusPort + "/readyz")) {
      if (!proxy.isAlive()) {
        throw new IOException("the proxy ended with exit code " + proxy.exitValue());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the proxy is not ready after " + TIME_LIMIT);
      }
      Thread.sleep(100);
    }
    responds("http://127.0.0.1:" + statusPort + "/metrics");
    new TrainingLoad("http://127.0.0.1:" + httpPort + "/acme/app.git", AUTHORIZATION).run();
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), sshPort)) {
      connection.setSoTimeout((int) TIME_LIMIT.toMillis());
      // The first byte of the server's identification string is enough.
      connection.getInputStream().read();
    }
  }

  // Whether a response arrives, with any status.
  private static boolean responds(String url) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", AUTHORIZATION)
            .timeout(Duration.ofSeconds(20))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(request, BodyHandlers.discarding());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
