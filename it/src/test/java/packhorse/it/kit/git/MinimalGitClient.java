package packhorse.it.kit.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static packhorse.it.kit.git.PktLine.pkt;

import java.util.Optional;
import packhorse.it.kit.http.RawClient;
import packhorse.it.kit.http.RawMessage;

/// A minimal git client for protocol v2 over one HTTP/1.1 connection. It starts no process, for
/// tests that list one ref and fetch one commit thousands of times. For one thread.
public final class MinimalGitClient implements AutoCloseable {
  private static final String FLUSH = "0000";
  private static final String DELIMITER = "0001";

  private final RawClient connection;
  private final String name;

  /// @param name the repository's name
  public MinimalGitClient(int port, String name) {
    connection = RawClient.connect(port);
    this.name = name;
  }

  /// Returns the object id of a ref.
  public Optional<String> resolveRef(String ref) {
    String response =
        post(pkt("command=ls-refs\n") + DELIMITER + pkt("ref-prefix " + ref + "\n") + FLUSH);
    return response
        .lines()
        .filter(line -> line.endsWith(" " + ref))
        .map(line -> line.substring(4, line.indexOf(' ')))
        .findFirst();
  }

  /// Fetches the pack of everything that is reachable from a commit.
  ///
  /// @param haves commits that this client has already
  /// @throws AssertionError if the response is not a complete pack
  public void fetch(String commit, String... haves) {
    String arguments = pkt("want " + commit + "\n");
    for (String have : haves) arguments += pkt("have " + have + "\n");
    String response =
        post(
            pkt("command=fetch\n")
                + DELIMITER
                + arguments
                + pkt("no-progress\n")
                + pkt("done\n")
                + FLUSH);
    boolean startsWithPack =
        response.startsWith(pkt("packfile\n")) && response.startsWith("\001PACK", 17);
    if (!startsWithPack || !response.endsWith(FLUSH))
      throw new AssertionError("not a pack: " + response);
  }

  private String post(String body) {
    String head =
        """
        POST /%s.git/git-upload-pack HTTP/1.1
        Host: 127.0.0.1
        Git-Protocol: version=2
        Content-Type: application/x-git-upload-pack-request
        Content-Length: %d

        """
            .formatted(name, body.length());
    connection.send(head.replace("\n", "\r\n") + body);
    RawMessage response = connection.readResponse().orElseThrow();
    if (response.status() != 200) throw new AssertionError(response.toString());
    return new String(response.body(), ISO_8859_1);
  }

  @Override
  public void close() {
    connection.close();
  }
}
