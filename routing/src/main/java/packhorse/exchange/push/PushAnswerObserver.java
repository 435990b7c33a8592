package packhorse.exchange.push;

import java.nio.ByteBuffer;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.node.PermittedRoutes;
import packhorse.wire.push.Push;
import packhorse.wire.push.PushReportObserver;

/// Observes the response to a push, and invalidates what the proxy remembers of the repository
/// before the client learns that the push succeeded.
final class PushAnswerObserver implements AnswerObserver {
  private final PushInvalidation invalidation;
  private final PermittedRoutes routes;
  private final Push push;
  private final PushReportObserver response;
  private boolean reported;

  PushAnswerObserver(PushInvalidation invalidation, PermittedRoutes routes, Push push) {
    this.invalidation = invalidation;
    this.routes = routes;
    this.push = push;
    this.response = new PushReportObserver(push, () -> invalidation.mayHaveChanged(routes));
  }

  @Override
  public AnswerResult result() {
    return new AnswerResult.Pushed(push, response.report());
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    response.onBytes(bytes);
    // Before the client has the last bytes: it may read at once what it has pushed.
    if (response.complete()) report();
  }

  private void report() {
    if (reported) return;
    reported = true;
    response.report().ifPresent(report -> invalidation.reported(routes, push, report));
  }

  @Override
  public void onEnd() {
    response.onEnd();
    report();
  }

  @Override
  public boolean isTruncated() {
    return response.isTruncated();
  }
}
