package packhorse.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Speaks HTTP/2 in clear, frame by frame, well or badly: header blocks hold literals only (RFC
/// 7541 §6.2.2).
final class Http2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataOutputStream out;
  private final DataInputStream in;
  private boolean ended;

  /// A frame as it came.
  ///
  /// @param error of a reset or a GOAWAY, else 0
  record Frame(int type, int flags, int stream, int error) {}

  Http2Client(int port) throws IOException {
    this(port, "");
  }

  /// A connection that is upgraded by a request of HTTP/1.1, if there is one.
  Http2Client(int port, String upgrade) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    out = new DataOutputStream(socket.getOutputStream());
    in = new DataInputStream(socket.getInputStream());
    out.write(upgrade.getBytes(StandardCharsets.US_ASCII));
    for (int end = upgrade.isEmpty() ? 4 : 0; end < 4; ) {
      int c = in.read();
      end = c == '\r' || c == '\n' ? end + 1 : 0;
    }
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  void headers(int stream, int flags, String... namesAndValues) throws IOException {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i++) {
      if (i % 2 == 0) block.write(0);
      string(block, namesAndValues[i]);
    }
    frame(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
  }

  private static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) block.write(rest % 128 + 128);
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /// Every frame that comes until the stream or the connection ends, or nothing comes for long.
  List<Frame> frames(int stream) throws IOException {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int of = in.readInt();
        Frame frame = new Frame(type, flags, of, error(type, in.readNBytes(length)));
        frames.add(frame);
        boolean ends = frame.stream() == stream && (frame.flags() & END_STREAM) != 0;
        if (ends || frame.type() == RESET || frame.type() == GOAWAY) return frames;
      }
    } catch (EOFException | SocketException closed) {
      ended = true;
      return frames;
    } catch (SocketTimeoutException nothing) {
      return frames;
    }
  }

  /// Whether the other side closes, or says that it goes, while it is pinged.
  boolean endsWhilePinging() throws IOException {
    socket.setSoTimeout(100);
    List<Frame> frames = List.of();
    for (int i = 0; i < 60 && !ended; i++) {
      try {
        frame(PING, 0, 0, new byte[8]);
      } catch (SocketException closed) {
        return true;
      }
      frames = frames(-1);
      if (frames.stream().anyMatch(frame -> frame.type() == GOAWAY)) return true;
    }
    return ended;
  }

  private static int error(int type, byte[] payload) {
    return switch (type) {
      case RESET -> ByteBuffer.wrap(payload).getInt(0);
      case GOAWAY -> ByteBuffer.wrap(payload).getInt(4);
      default -> 0;
    };
  }

  /// Whether the other side has closed the connection.
  boolean ended() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
