package packhorse.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client in protocol v0 or v1 is sent, byte for byte, what this machine's git sends, although
/// the proxy composes everything that precedes the pack.
final class GitBytesTest {
  private static final String OPTIONS = " side-band-64k ofs-delta no-progress";

  @TempDir Path folder;

  @Test
  void conversations_have_the_bytes_of_git_up_to_the_pack() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      Path work = proxy.repository("app", 5);
      Command git = proxy.git("alice", 0).in(work);
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(git.run("git", "rev-parse", "main~" + i).expectSuccess().out().strip());
      }
      for (String script : scripts()) {
        String input = input(script, ids);
        assertThat(through(proxy, input, List.of())).as(script).isEqualTo(direct(proxy, input, ""));
      }
      String input = input(scripts().getFirst(), ids);
      assertThat(through(proxy, input, List.of("-o", "SetEnv=GIT_PROTOCOL=version=1")))
          .isEqualTo(direct(proxy, input, "version=1"));
    }
  }

  // Only the words differ, which say more than those of one node.
  @Test
  void an_object_that_no_node_has_is_reported_with_the_nodes_that_were_asked() throws IOException {
    try (var proxy = new SshTestProxy(folder, SshTestProxy.Options.defaults())) {
      proxy.repository("app", 1);
      String input = input("want x" + OPTIONS + "\nflush\ndone", List.of());
      assertThat(through(proxy, input, List.of()))
          .contains("ERR upload-pack: not our ref " + "1".repeat(40) + " (")
          .contains("one", "two");
    }
  }

  /// Conversations, one pkt in each line; `0` to `4` stand for the commits, from the tip.
  private static List<String> scripts() {
    return List.of(
        "want 0" + OPTIONS + "\nflush\ndone",
        "want 0 side-band no-progress\nflush\ndone",
        "want 0\nflush\ndone",
        "want 0"
            + OPTIONS
            + " multi_ack_detailed\nflush\nhave x\nflush\nhave 1\nhave 2\nflush\ndone",
        "want 0" + OPTIONS + " multi_ack\nflush\nhave 1\nhave 2\nflush\ndone",
        "want 0" + OPTIONS + "\nflush\nhave x\nflush\nhave 1\nflush\ndone",
        "want 0" + OPTIONS + "\ndeepen 2\nflush\ndone",
        "want 0" + OPTIONS + "\nshallow 0\ndeepen 3\nflush\nhave 0\ndone",
        "want 0" + OPTIONS + "\nshallow 3\ndeepen 2147483647\nflush\nhave 3\nflush\ndone",
        "flush");
  }

  private static String input(String script, List<String> ids) {
    var input = new StringBuilder();
    for (String line : script.split("\n", -1)) {
      String text = line.replaceFirst(" x", " " + "1".repeat(40));
      for (int i = 0; i < ids.size(); i++) {
        text = text.replaceFirst("^(want|have|shallow) " + i + "\\b", "$1 " + ids.get(i));
      }
      String pkt = text + "\n";
      input.append(line.equals("flush") ? "0000" : String.format("%04x", pkt.length() + 4) + pkt);
    }
    return input.toString();
  }

  private static String through(SshTestProxy proxy, String input, List<String> options)
      throws IOException {
    byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
    return beforePack(proxy.exec(bytes, "alice", options, "git-upload-pack 'app'").out());
  }

  private static String direct(SshTestProxy proxy, String input, String version)
      throws IOException {
    Command git = proxy.command().with("GIT_PROTOCOL", version);
    byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
    String repository = proxy.repositories.resolve("app.git").toString();
    return beforePack(git.run(bytes, "git-upload-pack", repository).out());
  }

  // How a pack is divided into frames depends on the time at which its parts are made.
  private static String beforePack(String output) {
    int pack = output.indexOf("PACK");
    if (pack < 0) return output;
    boolean framed = output.charAt(pack - 1) == 1;
    return output.substring(0, framed ? pack - 5 : pack);
  }
}
