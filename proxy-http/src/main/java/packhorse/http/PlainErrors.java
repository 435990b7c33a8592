package packhorse.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import packhorse.Pipeline;
import packhorse.request.Arrival;
import packhorse.request.Refusal;

/// What a client hears when it did not speak HTTP well enough to be heard: one line of text, no
/// page. That is an outcome like any other. Called by Jetty, on any thread.
final class PlainErrors extends ErrorHandler {
  private static final String HEARD = "packhorse.heard";

  private final Pipeline pipeline;
  private final Arriving arriving;

  PlainErrors(Pipeline pipeline, Arriving arriving) {
    this.pipeline = pipeline;
    this.arriving = arriving;
  }

  /// The request has come as far as the pipeline, which will have an outcome for it.
  static void heard(Request request) {
    request.setAttribute(HEARD, true);
  }

  @Override
  public boolean handle(Request request, Response response, Callback done) {
    if (request.getAttribute(HEARD) == null) {
      Arrival arrival = arriving.arrival(request);
      pipeline.refuse(arrival, unheard(), new UnheardClient(response, arrival.id(), done));
    } else {
      Words words =
          Words.text(
              response.getStatus(), "no answer could be given; the log of the proxy says why");
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, words.type());
      response.write(true, words.body().buffer(), done);
    }
    return true;
  }

  private static Refusal unheard() {
    return Refusal.malformed("the request is not HTTP as this server takes it");
  }
}
