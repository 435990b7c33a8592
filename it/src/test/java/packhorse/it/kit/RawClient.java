package packhorse.it.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A client that sends exact bytes and reads what comes back, each read within a deadline; for
/// requests that no decent library would send. Used by one thread.
public final class RawClient implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Socket socket;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) DEADLINE.toMillis());
  }

  /// Connects to a port of loopback.
  public static RawClient connect(int port) {
    try {
      return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Connects to a port of loopback over TLS, believing one certificate, offering no ALPN.
  public static RawClient connectTls(int port, SelfSigned trusted) {
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted.keyStore());
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return new RawClient(
          tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends these bytes at once.
  public RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a text as ISO-8859-1.
  public RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends bytes; false if the peer no longer takes them.
  public boolean trySend(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Says that nothing more will be sent.
  public RawClient halfClose() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Says that nothing more will be sent, if the peer is still there to be told.
  ///
  /// @return whether it was
  public boolean tryHalfClose() {
    try {
      socket.shutdownOutput();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Ends the connection with a reset instead of an orderly close.
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads one whole HTTP/1.1 answer; empty if the connection ended, or was reset, before its first
  /// byte.
  ///
  /// @throws AssertionError if none comes within ten seconds
  public Optional<RawMessage> answer() {
    try {
      return RawMessage.read(socket.getInputStream(), false);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer within " + DEADLINE.toSeconds() + " s", e);
    } catch (java.net.SocketException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads until what came ends with a text.
  ///
  /// @return all that came, as ISO-8859-1
  /// @throws AssertionError if the peer falls silent or ends before
  public String until(String end) {
    var read = new StringBuilder();
    try {
      while (!ends(read, end)) {
        int next = socket.getInputStream().read();
        if (next < 0) throw new AssertionError("ended behind: " + read);
        read.append((char) next);
      }
      return read.toString();
    } catch (IOException e) {
      throw new AssertionError("so far: " + read, e);
    }
  }

  private static boolean ends(StringBuilder read, String end) {
    int from = read.length() - end.length();
    return from >= 0 && read.indexOf(end, from) == from;
  }

  /// Reads until the peer closes, or resets, the connection.
  ///
  /// @throws AssertionError if it is silent for ten seconds and leaves the connection open
  public byte[] rest() {
    var all = new ByteArrayOutputStream();
    byte[] piece = new byte[16 * 1024];
    try {
      for (int n = socket.getInputStream().read(piece);
          n >= 0;
          n = socket.getInputStream().read(piece)) {
        all.write(piece, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "still open; so far: " + all.toString(StandardCharsets.ISO_8859_1), e);
    } catch (IOException reset) {
      return all.toByteArray();
    }
    return all.toByteArray();
  }

  /// [#rest()] as ISO-8859-1.
  public String restText() {
    return new String(rest(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
