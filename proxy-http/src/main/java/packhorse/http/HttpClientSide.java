package packhorse.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import packhorse.exchange.StatelessClient;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.Bytes;
import packhorse.wire.Push;
import packhorse.wire.Watch;

/// One HTTP client's side of one request. Made by the {@link FrontDoor}; used on the request's
/// virtual thread, and concluded there, whatever happened.
final class HttpClientSide implements StatelessClient {
  /// How long a client may go on sending what nobody wants before it is told so, and after.
  private static final Duration BEFORE_ANSWER = Duration.ofSeconds(10);

  private static final Duration AFTER_ANSWER = Duration.ofMinutes(5);

  private final Request request;
  private final Response response;
  private final String decision;
  private final RequestReader.Reading reading;
  private final ClientBody body;
  private boolean ahead;
  private boolean answered;
  private boolean cut;

  /// An answer that cannot be completed: the client sees its connection, or its stream, fail.
  private static final class Cut extends IOException implements QuietException {
    private static final long serialVersionUID = 1;

    Cut() {
      super("the answer was cut off");
    }
  }

  HttpClientSide(
      Request request, Response response, String decision, RequestReader.Reading reading) {
    this.request = request;
    this.response = response;
    this.decision = decision;
    this.reading = reading;
    this.body = new ClientBody(request, reading.coding());
  }

  @Override
  public InputStream fromClient() {
    return body;
  }

  @Override
  public OptionalLong length() {
    long length = request.getLength();
    boolean told = length >= 0 && reading.coding() == ContentCoding.PLAIN;
    return told ? OptionalLong.of(length) : OptionalLong.empty();
  }

  @Override
  public boolean begun() {
    return response.isCommitted();
  }

  @Override
  public void ahead(Headers headers, Bytes part) throws ClientGone {
    if (!ahead) AnswerHead.ours(response, headers);
    ahead = true;
    try {
      AnswerBody.written(response, false, part.buffer());
    } catch (ClientGone e) {
      cut = true;
      throw e;
    }
  }

  @Override
  public long relay(NodeAnswer answer, Headers headers, Watch watch)
      throws NodeFailure, ClientGone {
    if (!ahead) AnswerHead.relayed(request, response, answer, headers);
    ahead = false;
    try {
      long bytes = AnswerBody.given(request, response, answer, watch);
      answered = true;
      return bytes;
    } catch (NodeFailure | ClientGone e) {
      cut = begun();
      throw e;
    } finally {
      watch.ended();
    }
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    cut |= begun() && !answered && !ahead;
    if (answered || cut || body.gone()) return;
    if (ahead) {
      written(Words.inBand(refusal, decision));
      return;
    }
    // git reads an answer when it has sent everything: before that it would see its connection
    // break, and no reason
    boolean quiet = body.drained(BEFORE_ANSWER);
    if (body.gone()) return;
    response.reset();
    Words words = Words.of(refusal, decision, reading.asked(), push);
    AnswerHead.refused(response, refusal, words, reading.misframed() || !quiet);
    written(words.body());
  }

  private void written(Bytes last) {
    try {
      AnswerBody.written(response, true, last.buffer());
      answered = true;
    } catch (ClientGone gone) {
      cut = true;
    }
  }

  /// Ends the request. What nobody has answered by now is answered here, in words.
  void conclude(Callback done) {
    if (!answered)
      refuse(body.unreadable().orElseGet(HttpClientSide::unanswered), Optional.empty());
    close();
    if (answered && body.drained(AFTER_ANSWER)) {
      done.succeeded();
    } else {
      done.failed(new Cut());
    }
  }

  private void close() {
    try {
      body.close();
    } catch (IOException e) {
      cut = true;
    }
  }

  private static Refusal unanswered() {
    return Refusal.nodeFailed("no answer could be given; the log of the proxy says why");
  }
}
