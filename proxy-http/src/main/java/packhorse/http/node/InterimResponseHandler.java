package packhorse.http.node;

import java.util.List;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.ProcessingProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpStatus;

/// Reads past every interim response that a node sends before its final response (RFC 9110 §15.2).
/// It replaces Jetty's own handlers, each of which accepts one status, and "100 Continue" only once
/// for each request: they take any other interim response for the final one. Added to each client
/// by [NodeClients].
final class InterimResponseHandler extends EarlyHintsProtocolHandler {
  /// Jetty's handlers that are not needed beside this one. No request to a node has `Expect`.
  static final List<String> REPLACED =
      List.of(ContinueProtocolHandler.NAME, ProcessingProtocolHandler.NAME, NAME);

  @Override
  public String getName() {
    return "interim";
  }

  @Override
  public boolean accept(Request request, Response response) {
    return HttpStatus.isInterim(response.getStatus());
  }
}
