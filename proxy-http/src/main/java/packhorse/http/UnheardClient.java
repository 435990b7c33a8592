package packhorse.http;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import packhorse.exchange.StatelessClient;
import packhorse.node.NodeAnswer;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.Bytes;
import packhorse.wire.Push;
import packhorse.wire.Watch;

/// A client whose request was none: it can be refused, and nothing else. Made by {@link
/// PlainErrors}, used once.
final class UnheardClient implements StatelessClient {
  private final Response response;
  private final String decision;
  private final Callback done;

  /// @param response its status is the one that Jetty chose, and stays
  UnheardClient(Response response, String decision, Callback done) {
    this.response = response;
    this.decision = decision;
    this.done = done;
  }

  @Override
  public InputStream fromClient() {
    return InputStream.nullInputStream();
  }

  @Override
  public OptionalLong length() {
    return OptionalLong.empty();
  }

  @Override
  public boolean begun() {
    return response.isCommitted();
  }

  @Override
  public void ahead(Headers headers, Bytes part) {
    throw new IllegalStateException("there is no request to answer");
  }

  @Override
  public long relay(NodeAnswer answer, Headers headers, Watch watch) {
    throw new IllegalStateException("there is no request to answer");
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    String sentence = refusal.sentence() + " (decision " + decision + ")";
    Words words = Words.text(response.getStatus(), sentence);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, words.type());
    response.write(true, words.body().buffer(), done);
  }
}
