package packhorse.wire.push;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import packhorse.wire.WireException;
import packhorse.wire.pkt.Pkt;
import packhorse.wire.pkt.PktReader;

/// Reads a push certificate: a header, an empty line, the commands, and a signature. It finds the
/// commands where git finds them (`queue_commands_from_cert`), regardless of how the text is
/// divided into pkts.
final class PushCertificate {

  private static final List<String> SIGNATURES =
      List.of(
          "-----BEGIN PGP SIGNATURE-----",
          "-----BEGIN PGP MESSAGE-----",
          "-----BEGIN SIGNED MESSAGE-----",
          "-----BEGIN SSH SIGNATURE-----");

  private final StringBuilder text = new StringBuilder();

  /// Reads the pkts up to `push-cert-end`. Git accepts a flush in its place, which ends both the
  /// certificate and the commands; this reader rejects it, because no client sends it.
  void read(PktReader in) throws IOException {
    for (Pkt pkt = in.read(); ; pkt = in.read()) {
      Pkt.requireText(pkt, "in the push certificate");
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

  /// The lines of the commands, not parsed.
  List<String> commands() throws WireException {
    int headerEnd = text.indexOf("\n\n");
    if (headerEnd < 0) {
      throw new WireException("push certificate without commands");
    }
    List<String> commands = new ArrayList<>();
    int end = signatureStart();
    for (int start = headerEnd + 2; start < end; ) {
      int newline = text.indexOf("\n", start);
      int lineEnd = newline < 0 || newline > end ? end : newline;
      commands.add(text.substring(start, lineEnd));
      start = lineEnd + 1;
    }
    return commands;
  }

  /// The index at which the signature begins: as in git's `parse_signed_buffer`, the last line that
  /// looks like the beginning of one; without such a line, the end of the text.
  private int signatureStart() {
    int start = text.length();
    for (int lineStart = 0; lineStart < text.length(); ) {
      if (isSignatureStart(lineStart)) {
        start = lineStart;
      }
      int newline = text.indexOf("\n", lineStart);
      lineStart = newline < 0 ? text.length() : newline + 1;
    }
    return start;
  }

  private boolean isSignatureStart(int index) {
    for (String signature : SIGNATURES) {
      int end = index + signature.length();
      if (end <= text.length() && text.substring(index, end).equals(signature)) {
        return true;
      }
    }
    return false;
  }
}
