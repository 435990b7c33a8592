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

/// A run of the finished distribution: the proxy starts on free ports of the loopback address, in
/// front of a {@link TrainingNode}, answers on each listener and some seconds of {@link
/// TrainingLoad}, and is told to stop. With that a start and every usual request have loaded their
/// classes, and the JVM has seen what is hot.
final class Training {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// Of the password `x`, as `packhorse hash` prints it.
  private static final String HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$xk50oYGY2K9JfLx5YXMKuQ$+hQf2dx88411PoLDQcf7yMk98naIMcZEpn7EorzEWbU";

  private static final String AS_TRAINER =
      "Basic " + Base64.getEncoder().encodeToString("trainer:x".getBytes(StandardCharsets.UTF_8));

  private final Path program;
  private final int http;
  private final int ssh;
  private final int status;
  private final TrainingNode node;

  private Training(Path program, TrainingNode node, int http, int ssh, int status) {
    this.program = program;
    this.node = node;
    this.http = http;
    this.ssh = ssh;
    this.status = status;
  }

  /// Runs it.
  ///
  /// @param jvmOptions the value of `JAVA_TOOL_OPTIONS`
  /// @throws IOException with all that the proxy said, when it does not serve
  static void run(Path program, String jvmOptions) throws IOException, InterruptedException {
    try (var node = new TrainingNode();
        var http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var ssh = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var status = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      http.close();
      ssh.close();
      status.close();
      int[] ports = {http.getLocalPort(), ssh.getLocalPort(), status.getLocalPort()};
      new Training(program, node, ports[0], ports[1], ports[2]).run(jvmOptions);
    }
  }

  private void run(String jvmOptions) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("packhorse-training-");
    Path said = folder.resolve("said");
    Files.writeString(folder.resolve("trainer.hash"), HASH);
    writeHostKey(Files.createDirectory(folder.resolve("ssh")).resolve("key"));
    Path configuration = Files.writeString(folder.resolve("packhorse.yaml"), configuration());
    var command = new ProcessBuilder(program.toString(), "serve", configuration.toString());
    command.environment().put("JAVA_TOOL_OPTIONS", jvmOptions);
    Process proxy = command.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      ask(proxy);
      proxy.destroy();
      if (!proxy.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
        throw new IOException("it does not stop");
    } catch (IOException e) {
      throw new IOException("training with " + jvmOptions + ": " + Files.readString(said), e);
    } finally {
      proxy.destroyForcibly();
      Folders.delete(folder);
    }
  }

  /// Writes a host key. Otherwise the proxy would take seconds to find an RSA key.
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
        .formatted(http, ssh, status, node.port());
  }

  private void ask(Process proxy) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!answers("http://127.0.0.1:" + status + "/readyz")) {
      if (!proxy.isAlive()) throw new IOException("it ended with " + proxy.exitValue());
      if (System.nanoTime() > deadline) throw new IOException("it is not ready after " + LIMIT);
      Thread.sleep(100);
    }
    answers("http://127.0.0.1:" + status + "/metrics");
    new TrainingLoad("http://127.0.0.1:" + http + "/acme/app.git", AS_TRAINER).run();
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), ssh)) {
      connection.setSoTimeout((int) LIMIT.toMillis());
      connection.getInputStream().read();
    }
  }

  private static boolean answers(String address) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Authorization", AS_TRAINER)
            .timeout(Duration.ofSeconds(20))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(request, BodyHandlers.discarding());
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
