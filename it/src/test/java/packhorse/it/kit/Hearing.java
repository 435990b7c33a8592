package packhorse.it.kit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;

/// One request of a [PlainNode] while it is being answered: written by the threads that serve it,
/// read by tests.
final class Hearing {
  private final String method;
  private final String target;
  private final String version;
  private final List<Map.Entry<String, String>> headers;
  final AtomicLong bytesIn = new AtomicLong();
  final AtomicLong bytesOut = new AtomicLong();
  private volatile int status;
  private volatile boolean open = true;

  Hearing(Request request) {
    method = request.getMethod();
    target = request.getHttpURI().getPathQuery();
    version = request.getConnectionMetaData().getHttpVersion().asString();
    headers =
        request.getHeaders().stream()
            .map(f -> Map.entry(f.getName(), f.getValue() == null ? "" : f.getValue()))
            .toList();
  }

  void answered(int code) {
    status = code;
  }

  void ended() {
    open = false;
  }

  SeenRequest seen() {
    return new SeenRequest(
        method, target, version, headers, status, bytesIn.get(), bytesOut.get(), open);
  }
}
