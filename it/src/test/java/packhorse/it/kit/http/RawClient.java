package packhorse.it.kit.http;

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

/// A TCP or TLS client that sends exact bytes and reads the response, each read with a deadline:
/// for requests that no HTTP library would send. For one thread.
public final class RawClient implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final Socket socket;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) DEADLINE.toMillis());
  }

  /// Connects to a port of the loopback address.
  public static RawClient connect(int port) {
    try {
      return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Connects to a port of the loopback address over TLS. Trusts one certificate and offers no
  /// ALPN.
  public static RawClient connectTls(int port, SelfSignedCertificate trusted) {
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

  /// Sends bytes and flushes them.
  public RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a text, encoded as ISO-8859-1.
  public RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends bytes and returns whether that was possible; false if the peer has closed the
  /// connection.
  public boolean trySend(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Shuts down the output of the connection.
  public RawClient halfClose() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Shuts down the output of the connection, if the peer has not closed it.
  ///
  /// @return whether that was possible
  public boolean tryHalfClose() {
    try {
      socket.shutdownOutput();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Closes the connection with a reset instead of an orderly close.
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads one complete HTTP/1.1 response. Returns empty if the connection was closed or reset
  /// before its first byte.
  ///
  /// @throws AssertionError if no response arrives within ten seconds
  public Optional<RawMessage> readResponse() {
    try {
      return RawMessage.read(socket.getInputStream(), false);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no response within " + DEADLINE.toSeconds() + " s", e);
    } catch (java.net.SocketException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads until the data ends with a text.
  ///
  /// @return all data that was read, as ISO-8859-1
  /// @throws AssertionError if no data arrives for ten seconds or the peer closes the connection
  public String readUntil(String suffix) {
    var read = new StringBuilder();
    try {
      while (!endsWith(read, suffix)) {
        int next = socket.getInputStream().read();
        if (next < 0) throw new AssertionError("closed after: " + read);
        read.append((char) next);
      }
      return read.toString();
    } catch (IOException e) {
      throw new AssertionError("received: " + read, e);
    }
  }

  private static boolean endsWith(StringBuilder read, String suffix) {
    int from = read.length() - suffix.length();
    return from >= 0 && read.indexOf(suffix, from) == from;
  }

  /// Reads until the peer closes or resets the connection.
  ///
  /// @throws AssertionError if no data arrives for ten seconds and the connection stays open
  public byte[] readAll() {
    var all = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 * 1024];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "still open; received: " + all.toString(StandardCharsets.ISO_8859_1), e);
    } catch (IOException reset) {
      return all.toByteArray();
    }
    return all.toByteArray();
  }

  /// Reads like [#readAll()] and decodes the data as ISO-8859-1.
  public String readAllText() {
    return new String(readAll(), StandardCharsets.ISO_8859_1);
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
