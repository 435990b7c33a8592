package packhorse.it.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static packhorse.it.kit.SshTalk.pkt;

import java.util.Optional;

/// A client of protocol v2 over one HTTP/1.1 connection that costs no process: it lists one ref and
/// clones one commit, for tests that do so thousands of times. Used by one thread.
public final class LeanClient implements AutoCloseable {
  private static final String FLUSH = "0000";
  private static final String DELIMITER = "0001";

  private final RawClient connection;
  private final String name;

  /// @param name of the repository
  public LeanClient(int port, String name) {
    connection = RawClient.connect(port);
    this.name = name;
  }

  /// What a ref points to.
  public Optional<String> tip(String ref) {
    String list =
        asked(pkt("command=ls-refs\n") + DELIMITER + pkt("ref-prefix " + ref + "\n") + FLUSH);
    return list.lines()
        .filter(line -> line.endsWith(" " + ref))
        .map(line -> line.substring(4, line.indexOf(' ')))
        .findFirst();
  }

  /// Takes the pack of all that a commit reaches.
  ///
  /// @param haves what it is that this client has already
  /// @throws AssertionError if no whole pack comes
  public void take(String commit, String... haves) {
    String want = pkt("want " + commit + "\n");
    for (String have : haves) want += pkt("have " + have + "\n");
    String pack =
        asked(
            pkt("command=fetch\n")
                + DELIMITER
                + want
                + pkt("no-progress\n")
                + pkt("done\n")
                + FLUSH);
    boolean begins = pack.startsWith(pkt("packfile\n")) && pack.startsWith("\001PACK", 17);
    if (!begins || !pack.endsWith(FLUSH)) throw new AssertionError("no pack: " + pack);
  }

  private String asked(String question) {
    String head =
        """
        POST /%s.git/git-upload-pack HTTP/1.1
        Host: 127.0.0.1
        Git-Protocol: version=2
        Content-Type: application/x-git-upload-pack-request
        Content-Length: %d

        """
            .formatted(name, question.length());
    connection.send(head.replace("\n", "\r\n") + question);
    RawMessage answer = connection.answer().orElseThrow();
    if (answer.status() != 200) throw new AssertionError(answer.toString());
    return new String(answer.body(), ISO_8859_1);
  }

  @Override
  public void close() {
    connection.close();
  }
}
