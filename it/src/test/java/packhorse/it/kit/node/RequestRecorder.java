package packhorse.it.kit.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Request;

/// Records a request of a [PlainNode] while it is served. Written by the threads that serve the
/// request, read by tests.
final class RequestRecorder {
  private final String method;
  private final String target;
  private final String version;
  private final List<Map.Entry<String, String>> headers;
  final AtomicLong requestBytes = new AtomicLong();
  final AtomicLong responseBytes = new AtomicLong();
  private volatile int status;
  private volatile boolean inProgress = true;

  RequestRecorder(Request request) {
    method = request.getMethod();
    target = request.getHttpURI().getPathQuery();
    version = request.getConnectionMetaData().getHttpVersion().asString();
    headers =
        request.getHeaders().stream()
            .map(f -> Map.entry(f.getName(), f.getValue() == null ? "" : f.getValue()))
            .toList();
  }

  void recordStatus(int code) {
    status = code;
  }

  void finish() {
    inProgress = false;
  }

  RecordedRequest snapshot() {
    return new RecordedRequest(
        method,
        target,
        version,
        headers,
        status,
        requestBytes.get(),
        responseBytes.get(),
        inProgress);
  }
}
