package packhorse.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import packhorse.wire.Push;
import packhorse.wire.PushReader;
import packhorse.wire.WireText;

/// Pushes as git sends them.
public final class Pushes {
  public static final String ZERO = "0".repeat(40);
  public static final String ONE = "1".repeat(40);
  public static final String TWO = "2".repeat(40);

  private Pushes() {}

  /// The head of a push with these commands, `old new ref` each; pack and all that follows are the
  /// caller's.
  public static String head(String... commands) {
    StringBuilder head = new StringBuilder();
    String capabilities = "\0 report-status side-band-64k agent=git/2.50";
    for (int i = 0; i < commands.length; i++) {
      head.append(pkt(commands[i] + (i == 0 ? capabilities : "")));
    }
    return head + "0000";
  }

  /// A signed push: the commands stand in its certificate.
  public static String signed(String... commands) {
    StringBuilder head = new StringBuilder(pkt("push-cert\0 report-status side-band-64k\n"));
    head.append(pkt("certificate version 0.1\n")).append(pkt("pusher al <al@ex.org> 1 +0000\n"));
    head.append(pkt("\n"));
    for (String command : commands) head.append(pkt(command + "\n"));
    head.append(pkt("-----BEGIN PGP SIGNATURE-----\n")).append(pkt("abc\n"));
    head.append(pkt("-----END PGP SIGNATURE-----\n"));
    return head + pkt("push-cert-end\n") + "0000";
  }

  public static String creating(String ref) {
    return ZERO + " " + ONE + " " + ref;
  }

  public static String updating(String ref) {
    return ONE + " " + TWO + " " + ref;
  }

  public static String deleting(String ref) {
    return ONE + " " + ZERO + " " + ref;
  }

  /// The head, read.
  public static Push read(String head) {
    try {
      return PushReader.read(new ByteArrayInputStream(WireText.bytes(head))).orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A text in wire form as one pkt.
  public static String pkt(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }
}
