package packhorse.it.memory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import packhorse.wire.ByteString;

/// What an attacker sends on a connection of HTTP/1.1, and never ends.
enum HttpAttack {
  /// The commands of a push, compressed.
  GZIP_PUSH {
    @Override
    void send(OutputStream out) throws IOException {
      write(out, head("git-receive-pack", "Content-Encoding: gzip\r\n"));
      new Chunks(out).write(COMPRESSED_COMMANDS.toArray());
    }
  },
  /// The commands of a push.
  PLAIN_PUSH {
    @Override
    void send(OutputStream out) throws IOException {
      write(out, head("git-receive-pack", ""));
      writeCommands(new Chunks(out));
    }
  },
  /// What a fetch says that its client has.
  HAVES {
    @Override
    void send(OutputStream out) throws IOException {
      write(out, head("git-upload-pack", ""));
      Chunks body = new Chunks(out);
      write(body, "0032want " + ID + "\n0000");
      for (int i = 0; i < HAVE_BLOCKS; i++) write(body, ("0032have " + ID + "\n").repeat(1000));
    }
  },
  /// A head, with many short fields and a long one.
  HEADS {
    @Override
    void send(OutputStream out) throws IOException {
      write(out, "GET /acme/app.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: a\r\n");
      write(out, "a:\r\n".repeat(200) + "b: " + "x".repeat(28_000));
    }
  };

  private static final String ID = "1234567890".repeat(4);
  private static final int HAVE_BLOCKS = 90;
  private static final int COMMANDS = 45_000;
  private static final ByteString UNENDED_COMMANDS = commands();
  private static final ByteString COMPRESSED_COMMANDS = compressed(UNENDED_COMMANDS);

  /// Sends the unfinished request.
  abstract void send(OutputStream out) throws IOException;

  /// Connects to the proxy from an address that no other client of the tests has.
  static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    return socket;
  }

  /// Writes the commands of a push without the flush that would end them.
  static void writeCommands(OutputStream out) throws IOException {
    byte[] commands = UNENDED_COMMANDS.toArray();
    int step = 32 * 1024;
    for (int from = 0; from < commands.length; from += step) {
      out.write(commands, from, Math.min(step, commands.length - from));
    }
  }

  // They compress so well that they are just not refused for it.
  private static ByteString commands() {
    Random random = new Random(1);
    byte[] id = new byte[20];
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < COMMANDS; i++) {
      if (i % 16 == 0) random.nextBytes(id);
      String ids = "0".repeat(40) + " " + HexFormat.of().formatHex(id);
      lines.append("005f%s refs/%04x".formatted(ids, i % 0xffff));
    }
    return ByteString.of(lines.toString());
  }

  private static ByteString compressed(ByteString bytes) {
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      bytes.writeTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.wrap(compressed.toByteArray());
  }

  private static String head(String service, String lines) {
    return "POST /acme/app.git/"
        + service
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-"
        + service
        + "-request\r\nTransfer-Encoding: chunked\r\n"
        + lines
        + "\r\n";
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// A body in chunks, one for each write.
  private static final class Chunks extends OutputStream {
    private final OutputStream out;

    Chunks(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) return;
      HttpAttack.write(out, Integer.toHexString(length) + "\r\n");
      out.write(bytes, offset, length);
      HttpAttack.write(out, "\r\n");
    }
  }
}
