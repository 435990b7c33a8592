package packhorse.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.exchange.call.Interruption;
import packhorse.exchange.call.StatelessClient;
import packhorse.memory.MemoryBudget;
import packhorse.memory.MemoryShare;
import packhorse.node.ClientGoneException;
import packhorse.node.NodeFailure;
import packhorse.node.NodeResponse;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.ByteString;
import packhorse.wire.ResponseObserver;
import packhorse.wire.WireText;
import packhorse.wire.push.Push;

/// An HTTP client that sends a body and records the response or refusal. For one test's thread.
public final class RecordingClient implements StatelessClient {
  private final MemoryShare memory =
      new MemoryBudget(1L << 30).share(InetAddress.getLoopbackAddress());
  private final InputStream body;
  private final OptionalLong contentLength;
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Push> refusedPushes = new ArrayList<>();
  private Optional<String> receivedBody = Optional.empty();
  private Headers headers = Headers.empty();
  private int status;
  private final StringBuilder earlyOutput = new StringBuilder();
  private boolean responseStarted;
  private boolean disconnected;

  private RecordingClient(InputStream body, OptionalLong contentLength) {
    this.body = body;
    this.contentLength = contentLength;
  }

  /// A client that sends these bytes (see [WireText]) without a Content-Length.
  public static RecordingClient withBody(String wireText) {
    return new RecordingClient(
        new ByteArrayInputStream(WireText.bytes(wireText)), OptionalLong.empty());
  }

  /// A client whose body is read from the stream.
  public static RecordingClient withBody(InputStream body, OptionalLong contentLength) {
    return new RecordingClient(body, contentLength);
  }

  @Override
  public InputStream fromClient() {
    return body;
  }

  @Override
  public boolean hasBody() {
    return contentLength.orElse(1) > 0;
  }

  @Override
  public OptionalLong contentLength() {
    return contentLength;
  }

  @Override
  public MemoryShare memory() {
    return memory;
  }

  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public boolean responseStarted() {
    return responseStarted;
  }

  @Override
  public void sendEarly(Headers lines, ByteString part) throws ClientGoneException {
    if (disconnected)
      throw new ClientGoneException("the client has disconnected", new IOException("reset"));
    responseStarted = true;
    status = 200;
    headers = lines;
    earlyOutput.append(part.text());
  }

  @Override
  public Transfer relay(NodeResponse response, Headers lines, ResponseObserver observer) {
    if (!responseStarted) {
      status = response.status();
      headers = lines;
    }
    responseStarted = true;
    try {
      byte[] bytes = readAll(response.body(), observer);
      observer.onEnd();
      receivedBody = Optional.of(WireText.text(bytes));
      Optional<NodeFailure> truncation =
          observer.isTruncated()
              ? Optional.of(NodeFailure.truncatedResponse(response.node()))
              : Optional.empty();
      return new Transfer(bytes.length, truncation.map(Interruption::of));
    } catch (IOException failure) {
      observer.onEnd();
      return new Transfer(0, Optional.of(Interruption.of(failure)));
    }
  }

  // As the front does: what arrives before a failure is observed, too.
  private static byte[] readAll(InputStream fromNode, ResponseObserver observer)
      throws IOException {
    var received = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = fromNode.read(buffer); n >= 0; n = fromNode.read(buffer)) {
      observer.onBytes(ByteBuffer.wrap(buffer, 0, n));
      received.write(buffer, 0, n);
    }
    return received.toByteArray();
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    refusals.add(refusal);
    push.ifPresent(refusedPushes::add);
  }

  /// Makes the client fail every attempt to send it something early. Returns this client.
  public RecordingClient disconnecting() {
    disconnected = true;
    return this;
  }

  /// What the client was sent before a node had responded.
  public String earlyOutput() {
    return earlyOutput.toString();
  }

  /// The body of the node's response, if there was one.
  public Optional<String> receivedBody() {
    return receivedBody;
  }

  public int status() {
    return status;
  }

  public Headers headers() {
    return headers;
  }

  /// The refusals that this client was sent; there must be at most one.
  public List<Refusal> refusals() {
    return refusals;
  }

  /// The pushes whose commands the client was told to be refused.
  public List<Push> refusedPushes() {
    return refusedPushes;
  }
}
