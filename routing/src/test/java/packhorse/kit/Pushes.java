package packhorse.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import packhorse.wire.WireText;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReader;

/// Pushes as git sends them, as text in wire form ([WireText]).
public final class Pushes {
  public static final String ZERO_ID = "0".repeat(40);
  public static final String ID_1 = "1".repeat(40);
  public static final String ID_2 = "2".repeat(40);

  private Pushes() {}

  /// The command list of a push with these commands, each `old new ref`, and the flush that ends
  /// it. The pack is not included.
  public static String commandList(String... commands) {
    StringBuilder text = new StringBuilder();
    String capabilities = "\0 report-status side-band-64k agent=git/2.50";
    for (int i = 0; i < commands.length; i++) {
      text.append(pkt(commands[i] + (i == 0 ? capabilities : "")));
    }
    return text + "0000";
  }

  /// The start of a signed push: a push certificate that contains these commands, and the flush.
  public static String pushCertificate(String... commands) {
    StringBuilder text = new StringBuilder(pkt("push-cert\0 report-status side-band-64k\n"));
    text.append(pkt("certificate version 0.1\n")).append(pkt("pusher al <al@ex.org> 1 +0000\n"));
    text.append(pkt("\n"));
    for (String command : commands) text.append(pkt(command + "\n"));
    text.append(pkt("-----BEGIN PGP SIGNATURE-----\n")).append(pkt("abc\n"));
    text.append(pkt("-----END PGP SIGNATURE-----\n"));
    return text + pkt("push-cert-end\n") + "0000";
  }

  public static String createCommand(String ref) {
    return ZERO_ID + " " + ID_1 + " " + ref;
  }

  public static String updateCommand(String ref) {
    return ID_1 + " " + ID_2 + " " + ref;
  }

  public static String deleteCommand(String ref) {
    return ID_1 + " " + ZERO_ID + " " + ref;
  }

  /// Parses a command list or push certificate.
  public static Push parse(String text) {
    try {
      return PushReader.read(new ByteArrayInputStream(WireText.bytes(text))).orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A text in wire form as one pkt-line.
  public static String pkt(String text) {
    return String.format("%04x", text.length() + 4) + text;
  }
}
