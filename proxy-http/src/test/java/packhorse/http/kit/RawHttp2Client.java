package packhorse.http.kit;

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

/// An HTTP/2 client without TLS that sends any frames, valid or not. Header blocks have literals
/// only (RFC 7541 §6.2.2).
public final class RawHttp2Client implements AutoCloseable {
  public static final int DATA = 0;
  static final int HEADERS = 1;
  public static final int RESET = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataOutputStream out;
  private final DataInputStream in;
  private boolean isClosed;

  /// A received frame.
  ///
  /// @param error of a reset or a GOAWAY, else 0
  public record Frame(int type, int flags, int stream, int error) {}

  public RawHttp2Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    // Each frame is sent at once, without a wait for the acknowledgement of the one before.
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    out = new DataOutputStream(socket.getOutputStream());
    in = new DataInputStream(socket.getInputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    sendFrame(SETTINGS, 0, 0, new byte[0]);
  }

  public void sendFrame(int type, int flags, int stream, byte[] payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  public void sendHeaders(int stream, int flags, String... namesAndValues) throws IOException {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i++) {
      if (i % 2 == 0) block.write(0);
      writeString(block, namesAndValues[i]);
    }
    sendFrame(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
  }

  private static void writeString(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int remaining = bytes.length - 127;
      for (; remaining >= 128; remaining >>= 7) block.write(remaining % 128 + 128);
      block.write(remaining);
    }
    block.writeBytes(bytes);
  }

  /// Reads frames until the stream or the connection ends or nothing has arrived for a while.
  public List<Frame> readFrames(int stream) throws IOException {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int streamId = in.readInt();
        Frame frame = new Frame(type, flags, streamId, error(type, in.readNBytes(length)));
        frames.add(frame);
        boolean streamEnds = frame.stream() == stream && (frame.flags() & END_STREAM) != 0;
        if (streamEnds || frame.type() == RESET || frame.type() == GOAWAY) return frames;
      }
    } catch (EOFException | SocketException closed) {
      isClosed = true;
      return frames;
    } catch (SocketTimeoutException silent) {
      return frames;
    }
  }

  /// Whether the proxy closes the connection or sends GOAWAY while it is pinged.
  public boolean isClosedWhilePinging() throws IOException {
    socket.setSoTimeout(100);
    List<Frame> frames = List.of();
    for (int i = 0; i < 60 && !isClosed; i++) {
      try {
        sendFrame(PING, 0, 0, new byte[8]);
      } catch (SocketException closed) {
        return true;
      }
      frames = readFrames(-1);
      if (frames.stream().anyMatch(frame -> frame.type() == GOAWAY)) return true;
    }
    return isClosed;
  }

  private static int error(int type, byte[] payload) {
    return switch (type) {
      case RESET -> ByteBuffer.wrap(payload).getInt(0);
      case GOAWAY -> ByteBuffer.wrap(payload).getInt(4);
      default -> 0;
    };
  }

  /// Whether the proxy has closed the connection.
  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
