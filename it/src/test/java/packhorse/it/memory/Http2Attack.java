package packhorse.it.memory;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// An attacker's connection of HTTP/2 (RFC 9113) with many streams, each a fetch that never ends to
/// say what its client has. It sends as much as the windows allow.
final class Http2Attack {
  private static final int STREAMS = 100;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final byte[] HAVES =
      ("0032have " + "1234567890".repeat(4) + "\n").repeat(160).getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final DataInputStream in;
  private final Map<Integer, Long> windows = new HashMap<>();
  private long initialWindow = 65_535;

  private Http2Attack(Socket socket) throws IOException {
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(socket.getInputStream());
  }

  /// Runs until the proxy has ended all streams, or closes the connection.
  static void run(Socket socket) throws IOException {
    new Http2Attack(socket).run();
  }

  private void run() throws IOException {
    HttpAttack.write(out, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    send(SETTINGS, 0, 0, new byte[0]);
    windows.put(0, initialWindow);
    for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
      windows.put(stream, initialWindow);
      send(HEADERS, END_HEADERS, stream, head());
      sendWant(stream);
    }
    while (windows.size() > 1) {
      for (int stream = 1; stream < 2 * STREAMS; stream += 2) sendHaves(stream);
      if (!receive()) return;
      while (in.available() > 9) if (!receive()) return;
    }
  }

  private void sendWant(int stream) throws IOException {
    byte[] want =
        ("0032want " + "1234567890".repeat(4) + "\n0000").getBytes(StandardCharsets.US_ASCII);
    sendData(stream, want);
  }

  private void sendHaves(int stream) throws IOException {
    while (windows.getOrDefault(stream, 0L) >= HAVES.length
        && windows.getOrDefault(0, 0L) >= HAVES.length) {
      sendData(stream, HAVES);
    }
  }

  private void sendData(int stream, byte[] data) throws IOException {
    send(DATA, 0, stream, data);
    windows.merge(stream, (long) -data.length, Long::sum);
    windows.merge(0, (long) -data.length, Long::sum);
  }

  /// Handles the next frame; returns false when the connection ends.
  private boolean receive() throws IOException {
    int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & Integer.MAX_VALUE;
    ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length));
    if (type == GOAWAY) return false;
    boolean ends = (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
    if (ends || type == RST_STREAM) windows.remove(stream);
    if (type == WINDOW_UPDATE && windows.containsKey(stream)) {
      windows.merge(stream, (long) payload.getInt(), Long::sum);
    }
    if (type == PING && flags == 0) send(PING, ACK, 0, payload.array());
    if (type == SETTINGS && flags == 0) applySettings(payload);
    return true;
  }

  private void applySettings(ByteBuffer settings) throws IOException {
    while (settings.hasRemaining()) {
      int key = settings.getShort();
      long value = settings.getInt();
      if (key != INITIAL_WINDOW_SIZE) continue;
      long change = value - initialWindow;
      initialWindow = value;
      windows.replaceAll((stream, window) -> stream == 0 ? window : window + change);
    }
    send(SETTINGS, ACK, 0, new byte[0]);
  }

  private void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt((payload.length << 8) | type).put((byte) flags).putInt(stream).put(payload);
    out.write(frame.array());
  }

  // Literal fields without indexing (RFC 7541 §6.2.2).
  private static byte[] head() {
    var fields = new ByteArrayOutputStream();
    addField(fields, ":method", "POST");
    addField(fields, ":scheme", "http");
    addField(fields, ":path", "/acme/app.git/git-upload-pack");
    addField(fields, ":authority", "127.0.0.1");
    addField(fields, "content-type", "application/x-git-upload-pack-request");
    return fields.toByteArray();
  }

  private static void addField(ByteArrayOutputStream fields, String name, String value) {
    fields.write(0);
    for (String text : new String[] {name, value}) {
      fields.write(text.length());
      fields.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
