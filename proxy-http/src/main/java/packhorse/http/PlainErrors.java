package packhorse.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// What a client hears when it did not speak HTTP well enough to be heard: one line of text, no
/// page.
final class PlainErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String sentence =
        response.getStatus() < 500
            ? "the request is not HTTP as this server takes it"
            : "no answer could be given; the log of the proxy says why";
    Words words = Words.text(response.getStatus(), sentence);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, words.type());
    response.write(true, words.body().buffer(), callback);
    return true;
  }
}
