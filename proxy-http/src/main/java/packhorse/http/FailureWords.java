package packhorse.http;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import packhorse.request.Printable;

/// Says in a few words what went wrong on a connection, for operators.
final class FailureWords {
  private FailureWords() {}

  static String of(Throwable failure) {
    String what = Printable.of(String.valueOf(failure.getMessage()));
    return switch (failure) {
      case UnknownHostException unknown -> "its name is not known: " + what;
      case ConnectException refused -> "connection refused: " + what;
      case SocketTimeoutException slow -> "no connection in time";
      case TimeoutException slow -> "silent for too long: " + what;
      case SSLException tls -> "TLS failed: " + what;
      case HttpResponseException bad -> "what it answered is not HTTP: " + what;
      case EOFException cut -> "the connection was closed";
      case ClosedChannelException cut -> "the connection was closed";
      case InterruptedException stopped -> "interrupted";
      default -> what;
    };
  }
}
