package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.client.session.ClientSession;
import packhorse.identity.TokenHash;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.http.SelfSignedCertificate;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.SshKey;

/// A running proxy that verifies all clients and names them to its node in a header. Each user has
/// a token and an SSH key; `alice` and `bob` may write, `carol` may read, and nobody may do
/// anything to the repositories in `secret`. The node responds to every request and records it. For
/// any thread.
final class VerifyingProxy implements AutoCloseable {
  /// The header in which the node gets the name of a user.
  static final String IDENTITY = "X-WEBAUTH-USER";

  private static final String POLICY =
      "[ { deny: [ all ], repositories: [ \"secret/**\" ] }, { allow: [ read ], groups: [ readers ]"
          + " }, { allow: [ all ], groups: [ writers ] }, { deny: [ all ] } ]";

  private final List<RawMessage> nodeRequests = new CopyOnWriteArrayList<>();
  private final RecordingNode node;
  private final RunningProxy proxy;

  /// Starts node and proxy.
  ///
  /// @param certificate of the listener `https`
  VerifyingProxy(Path folder, SelfSignedCertificate certificate) throws IOException {
    node = RecordingNode.start(RecordingNode.Script.forEachRequest(this::respond));
    ProxyConfig config = config(folder, node.url()).pool("dumb-http: true");
    certificate.writePem(folder, "proxy");
    proxy = RunningProxy.start(config);
  }

  /// Returns the configuration of such a proxy, and writes the files that it names.
  static ProxyConfig config(Path folder, String nodeUrl) throws IOException {
    ProxyConfig config =
        ProxyConfig.in(folder)
            .node("one", nodeUrl)
            .pool("authentication: proxy")
            .pool("act-as: { header: " + IDENTITY + " }")
            .section(
                "groups",
                "{ writers: [ \"user:alice\", \"user:bob\" ], readers: [ \"user:carol\" ] }")
            .section("policy", POLICY);
    for (String user : List.of("alice", "bob", "carol")) {
      Path hash = folder.resolve(user + ".hash");
      Files.writeString(hash, TokenHash.of("token of " + user).encoded() + "\n");
      SshKey.ed25519(folder, user);
      config.user(
          user, "tokens: [ { file: %1$s.hash } ], keys: [ { file: %1$s.pub } ]".formatted(user));
    }
    return config;
  }

  private void respond(RawMessage request, ServerConnection connection) throws IOException {
    nodeRequests.add(request);
    String service = request.startLine().contains("receive-pack") ? "receive" : "upload";
    boolean advertisement = request.startLine().contains("/info/refs");
    String kind = advertisement ? "advertisement" : "result";
    String body = service.equals("upload") ? "0008NAK\n" : "000eunpack ok\n0000";
    if (advertisement) {
      String ref = MonitoredProxy.TIP + " refs/heads/main\0report-status delete-refs\n";
      body =
          MonitoredProxy.pkt("# service=git-" + service + "-pack\n")
              + "0000"
              + MonitoredProxy.pkt(ref)
              + "0000";
    }
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-" + service + "-pack-" + kind + "\r\n";
    connection.respond(head, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  RunningProxy runningProxy() {
    return proxy;
  }

  int port(String listener) {
    return proxy.port(listener);
  }

  String nodeUrl() {
    return node.url();
  }

  /// Returns the requests that the node has received since the last call of [#clearNodeRequests].
  List<RawMessage> nodeRequests() {
    return List.copyOf(nodeRequests);
  }

  void clearNodeRequests() {
    nodeRequests.clear();
  }

  /// Returns the audit records of a proxy that contain this text.
  static List<String> records(RunningProxy of, String text) {
    return of.auditRecords().stream().filter(line -> line.contains(text)).toList();
  }

  /// Returns the header line with the token of a user.
  static String as(String user) {
    String credentials = user + ":token of " + user;
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /// Returns a request to the listener `http`.
  String get(String target, String... fields) {
    return withPort(MonitoredProxy.getRequest(target, fields));
  }

  /// Returns a request of a service to the listener `http`.
  String post(String path, String body, String... fields) {
    var all = new ArrayList<>(List.of(fields));
    String service = path.substring(path.lastIndexOf('/') + 1);
    all.add("Content-Type: application/x-" + service + "-request");
    all.add("Content-Length: " + body.length());
    String line = "POST " + path + " HTTP/1.1";
    return withPort(MonitoredProxy.requestHead(line, all.toArray(new String[0]))) + body;
  }

  private String withPort(String head) {
    return head.replace("PORT", String.valueOf(proxy.port("http")));
  }

  /// Sends a request over a connection of its own.
  RawMessage send(String request) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      return client.send(request).readResponse().orElseThrow();
    }
  }

  /// Executes a command line over SSH, once for each of the inputs, over one connection.
  ///
  /// @param on a proxy with the configuration [#config]
  /// @return what the commands have written
  static List<String> exec(RunningProxy on, String user, String line, List<String> inputs)
      throws IOException {
    List<String> outputs = new ArrayList<>();
    try (var client = new HostileSshClient(on.port("ssh"));
        ClientSession connection = client.connect()) {
      var key = new SshKey(on.folder().resolve(user));
      var pair = List.of(HostileSshClient.loadKeyPair(key));
      assertThat(HostileSshClient.authenticate(connection, pair)).isTrue();
      for (String input : inputs) outputs.add(HostileSshClient.exec(connection, line, input));
    }
    return outputs;
  }

  /// Executes a command line over SSH without input.
  ///
  /// @param on a proxy with the configuration [#config]
  /// @return what it has written
  static String exec(RunningProxy on, String user, String line) throws IOException {
    return exec(on, user, line, List.of("")).getFirst();
  }

  @Override
  public void close() {
    proxy.close();
    node.close();
  }
}
