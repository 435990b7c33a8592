package packhorse.it.dialects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import packhorse.it.kit.RawMessage;
import packhorse.it.kit.Repository;
import packhorse.it.kit.Tap;
import packhorse.it.kit.TapWire;

/// What was said on a wire, for people: one pkt a line, ids under the names of their refs, packs
/// left out. For one thread.
final class Transcript {
  private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{40}\\b");

  private final Map<String, String> names = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  /// @param repository whose refs name the ids
  Transcript(Repository repository) {
    for (String line :
        repository
            .git()
            .git("for-each-ref", "--format=%(objectname) %(refname:short) %(*objectname)")
            .lines()) {
      String[] words = line.split(" ", -1);
      names.putIfAbsent(words[0], "{" + words[1] + "}");
      if (!words[2].isEmpty()) names.putIfAbsent(words[2], "{" + words[1] + "^{}}");
    }
    names.put("0".repeat(40), "{zero}");
  }

  /// Adds all that went over a wire.
  Transcript side(String title, Tap wire) {
    text.append("== ").append(title).append('\n');
    for (TapWire.Exchange exchange : wire.exchanges()) {
      RawMessage request = exchange.request();
      RawMessage answer = exchange.answer();
      text.append('\n');
      line("> ", request.startLine().replace(" HTTP/1.1", ""));
      request.header("Git-Protocol").forEach(value -> line("> ", "Git-Protocol: " + value));
      body("> ", request.text());
      line("< ", answer.status() + " " + answer.header("Content-Type").getFirst());
      body("< ", answer.text());
    }
    text.append('\n');
    return this;
  }

  /// Adds all that was said over SSH in v2: the server begins, then both take turns, each of which
  /// ends with a flush.
  Transcript side(String title, SshTap wire) {
    text.append("== ").append(title).append('\n');
    for (SshTap.Heard connection : wire.heard()) {
      text.append('\n');
      line("> ", connection.command());
      List<String> asked = turns(connection.up());
      List<String> answered = turns(connection.down());
      for (int i = 0; i < Math.max(asked.size() + 1, answered.size()); i++) {
        if (i > 0 && i <= asked.size()) body("> ", asked.get(i - 1));
        if (i < answered.size()) body("< ", answered.get(i));
      }
    }
    text.append('\n');
    return this;
  }

  private static List<String> turns(String pkts) {
    List<String> turns = new ArrayList<>();
    int begin = 0;
    for (int at = 0; at + 4 <= pkts.length(); ) {
      int length = Integer.parseInt(pkts.substring(at, at + 4), 16);
      at += Math.max(4, length);
      if (length > 0) continue;
      turns.add(pkts.substring(begin, at));
      begin = at;
    }
    if (begin < pkts.length()) turns.add(pkts.substring(begin));
    return turns;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void body(String mark, String body) {
    boolean pack = false;
    for (int at = 0; at + 4 <= body.length(); ) {
      int length = Integer.parseInt(body.substring(at, at + 4), 16);
      String pkt = length < 4 ? "" : body.substring(at + 4, at + length);
      boolean more = pkt.startsWith("\1") && (pack || pkt.startsWith("\1PACK"));
      if (length < 4) line(mark, body.substring(at, at + 4));
      else if (more && !pack) line(mark, "\\1(the pack)");
      else if (!more) line(mark, readable(pkt));
      pack = more;
      at += Math.max(4, length);
    }
  }

  private static String readable(String pkt) {
    String text = pkt.endsWith("\n") ? pkt.substring(0, pkt.length() - 1) : pkt + "\\";
    return text.replace("\0", "\\0")
        .replace("\1", "\\1")
        .replace("\2", "\\2")
        .replaceAll("agent=\\S+", "agent=GIT");
  }

  private void line(String mark, String line) {
    Matcher ids = ID.matcher(line);
    String named =
        ids.replaceAll(id ->
            Matcher.quoteReplacement(
                names.computeIfAbsent(id.group(), one -> "{" + names.size() + "}")));
    text.append(mark).append(named).append('\n');
  }
}
