package packhorse.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The text of a push certificate: a header, an empty line, the commands, a signature. The commands
/// are found where git finds them (`queue_commands_from_cert`), whatever the pkts are cut into.
final class PushCertificate {

  private static final List<String> SIGNATURES =
      List.of(
          "-----BEGIN PGP SIGNATURE-----",
          "-----BEGIN PGP MESSAGE-----",
          "-----BEGIN SIGNED MESSAGE-----",
          "-----BEGIN SSH SIGNATURE-----");

  private final StringBuilder text = new StringBuilder();

  /// Reads the pkts up to `push-cert-end`. A flush in its place, with which git ends the
  /// certificate and the commands at once, is refused: no client sends it.
  void read(PktReader in) throws IOException {
    for (Pkt pkt = in.read(); ; pkt = in.read()) {
      PktText.of(pkt, "in the push certificate");
      String line = ((Pkt.Line) pkt).bytes().text();
      if (line.equals("push-cert-end\n")) {
        return;
      }
      if (line.indexOf('\0') >= 0) {
        throw new WireException("zero byte in the push certificate");
      }
      text.append(line);
    }
  }

  /// The command lines, not yet read.
  List<String> commands() throws WireException {
    int header = text.indexOf("\n\n");
    if (header < 0) {
      throw new WireException("push certificate without commands");
    }
    List<String> commands = new ArrayList<>();
    int end = signatureStart();
    for (int at = header + 2; at < end; ) {
      int lineEnd = text.indexOf("\n", at);
      int stop = lineEnd < 0 || lineEnd > end ? end : lineEnd;
      commands.add(text.substring(at, stop));
      at = stop + 1;
    }
    return commands;
  }

  /// Where the signature begins: at the last line that looks like it, as in git's
  /// `parse_signed_buffer`; else at the end.
  private int signatureStart() {
    int match = text.length();
    for (int at = 0; at < text.length(); ) {
      if (beginsSignature(at)) {
        match = at;
      }
      int lineEnd = text.indexOf("\n", at);
      at = lineEnd < 0 ? text.length() : lineEnd + 1;
    }
    return match;
  }

  private boolean beginsSignature(int at) {
    for (String signature : SIGNATURES) {
      int end = at + signature.length();
      if (end <= text.length() && text.substring(at, end).equals(signature)) {
        return true;
      }
    }
    return false;
  }
}
