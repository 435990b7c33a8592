package packhorse.http.front;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import packhorse.Pipeline;
import packhorse.memory.MemoryBudget;
import packhorse.request.Arrival;
import packhorse.request.Refusal;

/// Answers requests that Jetty rejects because they are not valid HTTP, with one line of text. Each
/// has an outcome as any other request. Called by Jetty, on any thread.
final class PlainTextErrorHandler extends ErrorHandler {
  private static final String HANDLED = "packhorse.handled";

  private final Pipeline pipeline;
  private final ListenerRegistry listeners;
  private final MemoryBudget memory;

  PlainTextErrorHandler(Pipeline pipeline, ListenerRegistry listeners, MemoryBudget memory) {
    this.memory = memory;
    this.pipeline = pipeline;
    this.listeners = listeners;
  }

  /// Marks a request that [FrontHandler] has received: the pipeline records its outcome.
  static void markHandled(Request request) {
    request.setAttribute(HANDLED, true);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (request.getAttribute(HANDLED) == null) {
      Arrival arrival = listeners.newArrival(request);
      Refusal refusal = Refusal.malformed("the request is not valid HTTP");
      var client =
          new BadRequestClient(
              response, arrival.id(), memory.share(arrival.clientAddress()), callback);
      pipeline.refuse(arrival, refusal, client);
    } else {
      RefusalResponse error =
          RefusalResponse.plainText(response.getStatus(), RefusalResponse.NO_RESPONSE);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, error.contentType());
      response.write(true, error.body().asReadOnlyBuffer(), callback);
    }
    return true;
  }
}
