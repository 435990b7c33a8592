package packhorse.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import packhorse.request.Headers;
import packhorse.wire.Bytes;

/// A node's answer in another dialect: what we say in place of its beginning, then what is the same
/// in both, or is made of it. Made by the exchanges, given to a client like any answer; used on one
/// thread.
public final class RetoldAnswer implements NodeAnswer {
  private static final int BEGINNING = 16 * 1024;

  // of the bytes that the node sent, not of those that we send
  private static final Set<String> OF_THE_BODY =
      Set.of("content-length", "content-encoding", "content-md5", "etag", "accept-ranges");

  private final NodeAnswer told;
  private final Headers headers;
  private final Bytes first;
  private final boolean goesOn;
  private final InputStream body;

  private RetoldAnswer(
      NodeAnswer told, Headers headers, Bytes first, InputStream body, boolean goesOn) {
    this.told = told;
    this.headers = headers;
    this.first = first;
    this.goesOn = goesOn;
    this.body = body;
  }

  /// All of it is ours.
  public static RetoldAnswer whole(NodeAnswer told, Bytes bytes) {
    Headers headers = common(told).with("Content-Length", Integer.toString(bytes.size()));
    return new RetoldAnswer(told, headers, bytes, bytes.stream(), false);
  }

  /// Made while it is read, out of what the node goes on to say; its beginning is read here.
  ///
  /// @throws IOException what reading `made` throws
  public static RetoldAnswer made(NodeAnswer told, InputStream made) throws IOException {
    Bytes first = Bytes.copyOf(made.readNBytes(BEGINNING));
    return new RetoldAnswer(told, common(told), first, both(first, made), false);
  }

  /// Ours first, then the rest of the node's body as it is.
  public static RetoldAnswer before(NodeAnswer told, Bytes first) {
    return new RetoldAnswer(told, common(told), first, both(first, told.body()), true);
  }

  /// The same, as something else than what the node was asked for: a list of refs, made of an
  /// advertisement, is git's result of a command.
  ///
  /// @param type the value of `Content-Type`
  public RetoldAnswer as(String type) {
    Headers others = headers.only(line -> !line.named("Content-Type"));
    return new RetoldAnswer(told, others.with("Content-Type", type), first, body, goesOn);
  }

  private static InputStream both(Bytes first, InputStream rest) {
    return new SequenceInputStream(first.stream(), rest);
  }

  private static Headers common(NodeAnswer told) {
    return told.headers().only(line -> !OF_THE_BODY.contains(line.name().toLowerCase(Locale.ROOT)));
  }

  /// What we say first.
  public Bytes first() {
    return first;
  }

  /// The node's answer, where all that follows {@link #first} is the rest of its body as it is.
  public Optional<NodeAnswer> rest() {
    return goesOn ? Optional.of(told) : Optional.empty();
  }

  @Override
  public Node node() {
    return told.node();
  }

  @Override
  public int status() {
    return told.status();
  }

  @Override
  public String reason() {
    return told.reason();
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public ByteBuffer peek() {
    return first.buffer();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public Headers trailers() {
    return told.trailers();
  }

  @Override
  public void close() {
    told.close();
  }
}
