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
import java.util.regex.Pattern;
import packhorse.it.kit.Heard;
import packhorse.it.kit.Line;
import packhorse.it.kit.ProxyText;
import packhorse.it.kit.RawClient;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.RecordingNode;
import packhorse.it.kit.RunningProxy;
import packhorse.it.kit.SshKey;

/// The assembled proxy in front of a node that answers everything and writes down every byte, and
/// what may stand among those bytes. For one thread.
final class Watched implements AutoCloseable {
  /// A repository that no hostile request names in the clear.
  static final String HIDDEN = "/secret/app.git/info/refs?service=git-upload-pack";

  static final String REFS = "/acme/app.git/info/refs?service=git-upload-pack";
  static final String FETCH = "application/x-git-upload-pack-request";
  static final String TIP = "a".repeat(40);

  private static final Pattern LINE =
      Pattern.compile(
          "((GET|HEAD|OPTIONS) /acme/PART(\\.git)?/info/refs\\?service=git-(upload|receive)-pack"
                  .replace("PART", "[A-Za-z0-9._~!$&'()*+,=:@%/-]+")
              + "|(POST|OPTIONS)"
              + " /acme/[A-Za-z0-9._~!$&'()*+,=:@%/-]+(\\.git)?/git-(upload|receive)-pack)"
              + " HTTP/1\\.1");
  private static final Pattern FIELD =
      Pattern.compile("[A-Za-z0-9-]+: ([^\\x00-\\x1f\\x7f]|\\t)*|[A-Za-z0-9-]+:");
  private static final Pattern ODD_PATH =
      Pattern.compile("//|/\\.{1,2}(/| )|/-|(?i)%(2[ef]|5c|00|25|0[0-9a-f])|\\.git\\.git");

  private final RecordingNode node;
  private final RunningProxy proxy;
  private final Map<Integer, Integer> looked = new HashMap<>();

  Watched(Path folder, SshKey... keys) {
    node = RecordingNode.start(RecordingNode.Script.forEach(Watched::answer));
    ProxyText text = ProxyText.in(folder).node("one", node.url());
    for (SshKey key : keys) text.user(key.privateKey().getFileName().toString(), key);
    proxy = RunningProxy.start(text.pool("act-as: nobody").pool("authentication: node"));
  }

  RunningProxy proxy() {
    return proxy;
  }

  RecordingNode node() {
    return node;
  }

  private static void answer(RawMessage request, Line line) throws IOException {
    boolean asks = request.startLine().contains("/info/refs");
    String service = request.startLine().contains("receive-pack") ? "receive" : "upload";
    String body = service.equals("upload") ? "0008NAK\n" : "000eunpack ok\n0000";
    if (asks) {
      String first = TIP + " refs/heads/main\0report-status delete-refs side-band-64k\n";
      body = "001f# service=git-" + service + "-pack\n0000" + pkt(first) + "0000";
      if (service.equals("upload")) body = "001e" + body.substring(4);
    }
    String type = "application/x-git-" + service + "-pack-" + (asks ? "advertisement" : "result");
    boolean bodyless = request.startLine().startsWith("HEAD");
    String head = "HTTP/1.1 200 OK\r\nX-Node: clean\r\nContent-Type: " + type + "\r\n";
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    line.answer(head, bodyless ? new byte[0] : bytes);
  }

  static String pkt(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }

  static String head(String line, String... fields) {
    String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    return line + "\r\nHost: 127.0.0.1:PORT\r\n" + more + "\r\n";
  }

  static String get(String target, String... fields) {
    return head("GET " + target + " HTTP/1.1", fields);
  }

  static String post(String body, String... fields) {
    var all = new ArrayList<>(List.of(fields));
    all.add("Content-Type: " + FETCH);
    return head("POST /acme/app.git/git-upload-pack HTTP/1.1", all.toArray(new String[0])) + body;
  }

  /// Sends these bytes and then, on the same connection, a request that is beyond doubt; reads
  /// everything that is answered until the connection ends.
  ///
  /// @return every answer
  String ask(String hostile) {
    String clean = get(REFS, "Connection: close");
    String bytes = (hostile + clean).replace("PORT", String.valueOf(proxy.port("http")));
    try (var client = RawClient.connect(proxy.port("http"))) {
      if (client.trySend(bytes.getBytes(StandardCharsets.ISO_8859_1))) client.tryHalfClose();
      return client.restText();
    }
  }

  /// A request on a connection of its own gets the node's own answer.
  void stillServes() {
    assertThat(ask("")).startsWith("HTTP/1.1 200 OK").contains("X-Node: clean", TIP);
  }

  /// All that the node has heard since the last look is beyond doubt.
  ///
  /// @param input what it may have come from
  void nothingForbiddenArrived(String input) {
    List<Heard> connections = node.connections();
    for (int i = 0; i < connections.size(); i++) {
      int from = looked.getOrDefault(i, 0);
      String text = connections.get(i).text();
      looked.put(i, text.length());
      if (text.length() > from) requests(input, text.substring(from));
    }
  }

  private void requests(String input, String news) {
    assertThat(news).as(input).doesNotContain("secret", "evil");
    for (int at = 0; at < news.length(); ) {
      int end = news.indexOf("\r\n\r\n", at);
      assertThat(end).as("%s: a head without end: %s", input, news.substring(at)).isPositive();
      String[] lines = news.substring(at, end).split("\r\n", -1);
      assertThat(lines[0]).as(input).matches(LINE).doesNotContainPattern(ODD_PATH);
      at = end + 4 + body(input, news.substring(end + 4), lines);
    }
  }

  private int body(String input, String rest, String[] lines) {
    int length = 0;
    int lengths = 0;
    for (int i = 1; i < lines.length; i++) {
      assertThat(lines[i]).as(input).matches(FIELD);
      String name = lines[i].substring(0, lines[i].indexOf(':')).toLowerCase(Locale.ROOT);
      assertThat(name).as(input).isNotIn("transfer-encoding", "upgrade", "te", "content-encoding");
      if (name.equals("host")) {
        assertThat(lines[i]).as(input).isEqualTo("Host: 127.0.0.1:" + proxy.port("http"));
      } else if (name.equals("git-protocol")) {
        assertThat(lines[i]).as(input).matches("Git-Protocol: version=[12]");
      } else if (name.equals("content-length")) {
        length = Integer.parseInt(lines[i].substring(16));
        lengths++;
      }
    }
    assertThat(lengths).as(input).isLessThanOrEqualTo(1);
    pkts(input, rest.substring(0, length));
    return length;
  }

  private static void pkts(String input, String body) {
    for (int at = 0; at < body.length(); ) {
      assertThat(body.substring(at)).as(input).matches("(?s)[0-9a-fA-F]{4}.*");
      int size = Integer.parseInt(body.substring(at, at + 4), 16);
      assertThat(size).as(input).isNotEqualTo(3).isLessThanOrEqualTo(65_520);
      at += Math.max(size, 4);
      assertThat(at).as(input).isLessThanOrEqualTo(body.length());
    }
  }

  @Override
  public void close() {
    proxy.close();
    node.close();
  }
}
