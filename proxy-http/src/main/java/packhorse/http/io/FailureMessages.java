package packhorse.http.io;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import packhorse.request.PrintableText;

/// Describes the failure of a connection in a few words, for operators.
public final class FailureMessages {
  private FailureMessages() {}

  public static String of(Throwable failure) {
    String message = PrintableText.of(String.valueOf(failure.getMessage()));
    return switch (failure) {
      case UnknownHostException unknown -> "unknown host: " + message;
      case ConnectException refused -> "connection refused: " + message;
      case SocketTimeoutException timeout -> "connecting timed out";
      case TimeoutException timeout -> "silent for too long: " + message;
      case SSLException tls -> "TLS failed: " + message;
      case HttpResponseException invalid -> "the response is not valid HTTP: " + message;
      case EOFException closed -> "the connection was closed";
      case ClosedChannelException closed -> "the connection was closed";
      case InterruptedException interrupted -> "interrupted";
      default -> message;
    };
  }
}
