package packhorse.exchange.fetch;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import packhorse.exchange.call.AnswerObserver;
import packhorse.exchange.call.AnswerResult;
import packhorse.wire.ByteString;
import packhorse.wire.fetch.Fetch;
import packhorse.wire.fetch.FetchResponseObserver;

/// Observes the response to a fetch: whether it is complete, and how large its pack is.
final class FetchAnswerObserver implements AnswerObserver {
  private final Fetch fetch;
  private final int haves;
  private final FetchResponseObserver response;

  private FetchAnswerObserver(Fetch fetch, int haves, FetchResponseObserver response) {
    this.fetch = fetch;
    this.haves = haves;
    this.response = response;
  }

  /// An observer of the response to a fetch, which the client receives from its beginning.
  ///
  /// @param sent the beginning of the response, if the client has received it already
  static FetchAnswerObserver ofResponse(Fetch fetch, ByteString sent) {
    FetchResponseObserver response = new FetchResponseObserver(fetch);
    response.onBytes(sent.asReadOnlyBuffer());
    return new FetchAnswerObserver(fetch, fetch.haves().size(), response);
  }

  /// An observer of the pack that ends an SSH conversation in v0.
  ///
  /// @param lastRound the last round of the conversation
  /// @param haves the number of haves of all rounds
  static FetchAnswerObserver ofPack(Fetch lastRound, int haves) {
    return new FetchAnswerObserver(lastRound, haves, FetchResponseObserver.ofV0Pack(lastRound));
  }

  /// An observer of a response that has no pack and needs no check.
  static AnswerObserver withoutPack(Fetch fetch) {
    return AnswerObserver.of(
        new AnswerResult.Fetched(fetch, fetch.haves().size(), 0, OptionalLong.empty()));
  }

  @Override
  public AnswerResult result() {
    return new AnswerResult.Fetched(fetch, haves, response.packBytes(), response.packObjects());
  }

  @Override
  public void onBytes(ByteBuffer bytes) {
    response.onBytes(bytes);
  }

  @Override
  public void onEnd() {
    response.onEnd();
  }

  @Override
  public boolean isTruncated() {
    return response.isTruncated();
  }
}
