package packhorse.it.threats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.node.RecordedConnection;
import packhorse.it.kit.node.RecordingNode;
import packhorse.it.kit.node.ServerConnection;
import packhorse.it.kit.proxy.ProxyConfig;
import packhorse.it.kit.proxy.RunningProxy;
import packhorse.it.kit.ssh.SshKey;

/// A running proxy in front of a node that responds to every request and records every byte that it
/// receives, with assertions about those bytes. For one thread.
final class MonitoredProxy implements AutoCloseable {
  /// A request target that hostile inputs contain only in an invalid way, in a request body for
  /// example. The node must never receive it.
  static final String HIDDEN_REFS = "/secret/app.git/info/refs?service=git-upload-pack";

  /// The request target of the refs of an ordinary repository.
  static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";

  static final String FETCH_TYPE = "application/x-git-upload-pack-request";
  static final String TIP = "a".repeat(40);

  // The request lines, header lines and paths that the proxy may send to a node: every request line
  // and header line matches its pattern, and no path contains an ambiguous part.
  private static final Pattern REQUEST_LINE =
      Pattern.compile(
          "((GET|HEAD|OPTIONS) /acme/PART(\\.git)?/info/refs\\?service=git-(upload|receive)-pack"
                  .replace("PART", "[A-Za-z0-9._~!$&'()*+,=:@%/-]+")
              + "|(POST|OPTIONS)"
              + " /acme/[A-Za-z0-9._~!$&'()*+,=:@%/-]+(\\.git)?/git-(upload|receive)-pack)"
              + " HTTP/1\\.1");
  private static final Pattern HEADER_LINE =
      Pattern.compile("[A-Za-z0-9-]+: ([^\\x00-\\x1f\\x7f]|\\t)*|[A-Za-z0-9-]+:");
  // Every other request: it must not name a service of git.
  private static final Pattern PAGE_LINE =
      Pattern.compile(
          "(?i)[A-Z]+ /(?![^ ?]*(git-|info/+refs|info%))[^\\x00-\\x20\\x7f\\\\#]* HTTP/1\\.1");
  private static final Pattern CHUNKS = Pattern.compile("([0-9A-Fa-f]+)\r\n");
  private static final Pattern AMBIGUOUS_PATH =
      Pattern.compile("//|/\\.{1,2}(/| )|/-|(?i)%(2[ef]|5c|00|25|0[0-9a-f])|\\.git\\.git");

  private final RecordingNode node;
  private final RunningProxy proxy;
  private final Map<Integer, Integer> checkedLengths = new HashMap<>();

  MonitoredProxy(Path folder, SshKey... keys) {
    node = RecordingNode.start(RecordingNode.Script.forEachRequest(MonitoredProxy::respond));
    ProxyConfig config = ProxyConfig.in(folder).node("one", node.url());
    for (SshKey key : keys) config.user(key.privateKey().getFileName().toString(), key);
    proxy = RunningProxy.start(config.pool("act-as: nobody").pool("authentication: node"));
  }

  RunningProxy runningProxy() {
    return proxy;
  }

  RecordingNode node() {
    return node;
  }

  /// Responds as a git server with a valid, minimal response.
  private static void respond(RawMessage request, ServerConnection connection) throws IOException {
    boolean advertisement = request.startLine().contains("/info/refs");
    String service = request.startLine().contains("receive-pack") ? "receive" : "upload";
    String body = service.equals("upload") ? "0008NAK\n" : "000eunpack ok\n0000";
    if (advertisement) {
      String firstRef = TIP + " refs/heads/main\0report-status delete-refs side-band-64k\n";
      body = "001f# service=git-" + service + "-pack\n0000" + pkt(firstRef) + "0000";
      if (service.equals("upload")) body = "001e" + body.substring(4);
    }
    String type =
        "application/x-git-" + service + "-pack-" + (advertisement ? "advertisement" : "result");
    boolean withoutBody = request.startLine().startsWith("HEAD");
    String head = "HTTP/1.1 200 OK\r\nX-Node: clean\r\nContent-Type: " + type + "\r\n";
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    connection.respond(head, withoutBody ? new byte[0] : bytes);
  }

  static String pkt(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }

  /// Returns a request line and header fields. `PORT` stands for the port of the proxy.
  static String requestHead(String requestLine, String... fields) {
    String lines = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    return requestLine + "\r\nHost: 127.0.0.1:PORT\r\n" + lines + "\r\n";
  }

  static String getRequest(String target, String... fields) {
    return requestHead("GET " + target + " HTTP/1.1", fields);
  }

  static String postRequest(String body, String... fields) {
    var all = new ArrayList<>(List.of(fields));
    all.add("Content-Type: " + FETCH_TYPE);
    return requestHead("POST /acme/app.git/git-upload-pack HTTP/1.1", all.toArray(new String[0]))
        + body;
  }

  /// Sends these bytes and then, on the same connection, a normal request, closes its side of the
  /// connection, and reads everything until the connection is closed. The proxy does not wait for
  /// the rest of an incomplete request. It may take the client for gone while a node is slow.
  ///
  /// @param hostile the bytes; `PORT` stands for the port of the proxy
  /// @return all responses
  String send(String hostile) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      if (sendWithNormalRequest(client, hostile)) client.tryHalfClose();
      return client.readAllText();
    }
  }

  /// Sends a request that is complete in HTTP and then, on the same connection, a normal request,
  /// and reads everything until the connection is closed.
  ///
  /// @param hostile the request; `PORT` stands for the port of the proxy
  /// @return all responses
  String sendComplete(String hostile) {
    try (var client = RawClient.connect(proxy.port("http"))) {
      sendWithNormalRequest(client, hostile);
      return client.readAllText();
    }
  }

  private boolean sendWithNormalRequest(RawClient client, String hostile) {
    String normalRequest = getRequest(REFS, "Connection: close");
    String bytes = (hostile + normalRequest).replace("PORT", String.valueOf(proxy.port("http")));
    return client.trySend(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Asserts that a request on its own connection gets the node's response.
  void assertStillServes() {
    assertThat(sendComplete("")).startsWith("HTTP/1.1 200 OK").contains("X-Node: clean", TIP);
  }

  /// Asserts that all bytes that the node has received since the last call are well-formed and
  /// unambiguous requests, and contain nothing of a hostile one.
  ///
  /// @param input the hostile input, for the message
  void assertNewRequestsAreClean(String input) {
    List<RecordedConnection> connections = node.connections();
    for (int i = 0; i < connections.size(); i++) {
      int from = checkedLengths.getOrDefault(i, 0);
      String text = connections.get(i).text();
      checkedLengths.put(i, text.length());
      if (text.length() > from) assertRequests(input, text.substring(from));
    }
  }

  private void assertRequests(String input, String received) {
    for (int offset = 0; offset < received.length(); ) {
      int end = received.indexOf("\r\n\r\n", offset);
      assertThat(end)
          .as("%s: an incomplete request head: %s", input, received.substring(offset))
          .isPositive();
      String[] lines = received.substring(offset, end).split("\r\n", -1);
      boolean page = PAGE_LINE.matcher(lines[0]).matches();
      // The values of header fields that must not be forwarded.
      assertThat(received.substring(offset, end)).as(input).doesNotContain("evil");
      if (!page) {
        assertThat(lines[0]).as(input).matches(REQUEST_LINE).doesNotContainPattern(AMBIGUOUS_PATH);
      }
      String rest = received.substring(end + 4);
      int length = assertHeaders(input, lines, page);
      String body = length < 0 ? chunkedBody(input, rest) : rest.substring(0, length);
      if (!page) {
        // The hidden repository.
        assertThat(received.substring(offset, end) + body).as(input).doesNotContain("secret");
        assertPktLines(input, body);
      }
      offset = end + 4 + body.length();
    }
  }

  /// The body of a page with its framing: chunks without extensions or trailers.
  private static String chunkedBody(String input, String rest) {
    Matcher chunks = CHUNKS.matcher(rest);
    int end = 0;
    while (true) {
      assertThat(chunks.region(end, rest.length()).lookingAt()).as(input).isTrue();
      int size = Integer.parseInt(chunks.group(1), 16);
      end = chunks.end() + size + 2;
      if (size == 0) return rest.substring(0, end);
    }
  }

  /// Asserts that the header fields of a request are those that the proxy may send.
  ///
  /// @param lines the request line and the header lines
  /// @return the length of the body in bytes; -1 if it is chunked, as that of a page can be
  private int assertHeaders(String input, String[] lines, boolean page) {
    int length = 0;
    int lengthFields = 0;
    for (int i = 1; i < lines.length; i++) {
      assertThat(lines[i]).as(input).matches(HEADER_LINE);
      String name = lines[i].substring(0, lines[i].indexOf(':')).toLowerCase(Locale.ROOT);
      assertThat(name).as(input).isNotIn("upgrade", "te");
      if (!page) assertThat(name).as(input).isNotIn("transfer-encoding", "content-encoding");
      if (name.equals("transfer-encoding")) {
        assertThat(lines[i]).as(input).isEqualTo("Transfer-Encoding: chunked");
        length = -1;
        lengthFields++;
      } else if (name.equals("host")) {
        assertThat(lines[i]).as(input).isEqualTo("Host: 127.0.0.1:" + proxy.port("http"));
      } else if (name.equals("git-protocol")) {
        assertThat(lines[i]).as(input).matches("Git-Protocol: version=[12]");
      } else if (name.equals("content-length")) {
        length = Integer.parseInt(lines[i].substring("Content-Length: ".length()));
        lengthFields++;
      }
    }
    assertThat(lengthFields).as(input).isLessThanOrEqualTo(1);
    return length;
  }

  private static void assertPktLines(String input, String body) {
    for (int offset = 0; offset < body.length(); ) {
      assertThat(body.substring(offset)).as(input).matches("(?s)[0-9a-fA-F]{4}.*");
      int size = Integer.parseInt(body.substring(offset, offset + 4), 16);
      // 0, 1 and 2 are special pkts of four bytes; 3 is invalid.
      assertThat(size).as(input).isNotEqualTo(3).isLessThanOrEqualTo(65_520);
      offset += Math.max(size, 4);
      assertThat(offset).as(input).isLessThanOrEqualTo(body.length());
    }
  }

  @Override
  public void close() {
    proxy.close();
    node.close();
  }
}
