package packhorse.it.dialects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.http.RawMessage;
import packhorse.it.kit.http.TappedConnection;
import packhorse.it.kit.http.TcpTap;

/// A readable transcript of recorded connections: one pkt-line in each line, object ids replaced by
/// the names of their refs, packs omitted. For one thread.
final class Transcript {
  private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{40}\\b");

  private final Map<String, String> names = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  /// @param repository the repository whose refs name the object ids
  Transcript(Repository repository) {
    for (String line :
        repository
            .git()
            .run("for-each-ref", "--format=%(objectname) %(refname:short) %(*objectname)")
            .lines()) {
      String[] fields = line.split(" ", -1);
      names.putIfAbsent(fields[0], "{" + fields[1] + "}");
      if (!fields[2].isEmpty()) names.putIfAbsent(fields[2], "{" + fields[1] + "^{}}");
    }
    names.put("0".repeat(40), "{zero}");
  }

  /// Adds the HTTP exchanges that a tap has recorded.
  Transcript append(String title, TcpTap tap) {
    text.append("== ").append(title).append('\n');
    for (TappedConnection.Exchange exchange : tap.exchanges()) {
      RawMessage request = exchange.request();
      RawMessage response = exchange.response();
      text.append('\n');
      appendLine("> ", request.startLine().replace(" HTTP/1.1", ""));
      request.header("Git-Protocol").forEach(value -> appendLine("> ", "Git-Protocol: " + value));
      appendBody("> ", request.bodyText());
      appendLine("< ", response.status() + " " + response.header("Content-Type").getFirst());
      appendBody("< ", response.bodyText());
    }
    text.append('\n');
    return this;
  }

  /// Adds the SSH connections that a tap has recorded, in protocol v2: the server begins, then both
  /// sides take turns, and each turn ends with a flush.
  Transcript append(String title, SshTap tap) {
    text.append("== ").append(title).append('\n');
    for (SshTap.Recording connection : tap.recordings()) {
      text.append('\n');
      appendLine("> ", connection.command());
      List<String> requests = splitTurns(connection.fromClient());
      List<String> responses = splitTurns(connection.toClient());
      for (int i = 0; i < Math.max(requests.size() + 1, responses.size()); i++) {
        if (i > 0 && i <= requests.size()) appendBody("> ", requests.get(i - 1));
        if (i < responses.size()) appendBody("< ", responses.get(i));
      }
    }
    text.append('\n');
    return this;
  }

  private static List<String> splitTurns(String pkts) {
    List<String> turns = new ArrayList<>();
    int start = 0;
    for (int offset = 0; offset + 4 <= pkts.length(); ) {
      int length = Integer.parseInt(pkts.substring(offset, offset + 4), 16);
      offset += Math.max(4, length);
      if (length > 0) continue;
      turns.add(pkts.substring(start, offset));
      start = offset;
    }
    if (start < pkts.length()) turns.add(pkts.substring(start));
    return turns;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void appendBody(String mark, String body) {
    boolean pack = false;
    for (int offset = 0; offset + 4 <= body.length(); ) {
      int length = Integer.parseInt(body.substring(offset, offset + 4), 16);
      String pkt = length < 4 ? "" : body.substring(offset + 4, offset + length);
      boolean inPack = pkt.startsWith("\1") && (pack || pkt.startsWith("\1PACK"));
      if (length < 4) appendLine(mark, body.substring(offset, offset + 4));
      else if (inPack && !pack) appendLine(mark, "\\1(the pack)");
      else if (!inPack) appendLine(mark, escape(pkt));
      pack = inPack;
      offset += Math.max(4, length);
    }
  }

  private static String escape(String pkt) {
    String text = pkt.endsWith("\n") ? pkt.substring(0, pkt.length() - 1) : pkt + "\\";
    return text.replace("\0", "\\0")
        .replace("\1", "\\1")
        .replace("\2", "\\2")
        .replaceAll("agent=\\S+", "agent=GIT");
  }

  private void appendLine(String mark, String line) {
    Matcher ids = ID.matcher(line);
    String named =
        ids.replaceAll(id ->
            Matcher.quoteReplacement(
                names.computeIfAbsent(id.group(), one -> "{" + names.size() + "}")));
    text.append(mark).append(named).append('\n');
  }
}
