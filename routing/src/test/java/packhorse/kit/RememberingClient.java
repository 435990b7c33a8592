package packhorse.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import packhorse.exchange.StatelessClient;
import packhorse.node.ClientGone;
import packhorse.node.NodeAnswer;
import packhorse.node.NodeFailure;
import packhorse.request.Headers;
import packhorse.request.Refusal;
import packhorse.wire.Bytes;
import packhorse.wire.Push;
import packhorse.wire.Watch;
import packhorse.wire.WireText;

/// A client over HTTP that sends a body and remembers what it was told. For one test's thread.
public final class RememberingClient implements StatelessClient {
  private final InputStream body;
  private final OptionalLong length;
  private final List<Refusal> refusals = new ArrayList<>();
  private final List<Push> reported = new ArrayList<>();
  private Optional<String> received = Optional.empty();
  private Headers headers = Headers.none();
  private int status;
  private final StringBuilder ahead = new StringBuilder();
  private boolean begun;
  private boolean leaving;

  private RememberingClient(InputStream body, OptionalLong length) {
    this.body = body;
    this.length = length;
  }

  /// A client that sends these bytes (see [WireText]) and tells no length.
  public static RememberingClient sending(String wireText) {
    return new RememberingClient(
        new ByteArrayInputStream(WireText.bytes(wireText)), OptionalLong.empty());
  }

  /// A client whose body is whatever the stream does.
  public static RememberingClient sending(InputStream body, OptionalLong length) {
    return new RememberingClient(body, length);
  }

  @Override
  public InputStream fromClient() {
    return body;
  }

  @Override
  public OptionalLong length() {
    return length;
  }

  @Override
  public boolean begun() {
    return begun;
  }

  @Override
  public void ahead(Headers lines, Bytes part) throws ClientGone {
    if (leaving) throw new ClientGone("the client has left", new IOException("reset"));
    begun = true;
    status = 200;
    headers = lines;
    ahead.append(part.text());
  }

  @Override
  public long relay(NodeAnswer answer, Headers lines, Watch watch) throws NodeFailure, ClientGone {
    if (!begun) {
      status = answer.status();
      headers = lines;
    }
    begun = true;
    try {
      byte[] bytes = answer.body().readAllBytes();
      watch.passed(ByteBuffer.wrap(bytes));
      received = Optional.of(WireText.text(bytes));
      return bytes.length;
    } catch (NodeFailure failure) {
      throw failure;
    } catch (IOException unexpected) {
      throw new ClientGone("the answer could not be read", unexpected);
    } finally {
      watch.ended();
    }
  }

  @Override
  public void refuse(Refusal refusal, Optional<Push> push) {
    refusals.add(refusal);
    push.ifPresent(reported::add);
  }

  /// The same, which takes nothing from now on.
  public RememberingClient leaving() {
    leaving = true;
    return this;
  }

  /// What it was given before a node had answered.
  public String ahead() {
    return ahead.toString();
  }

  /// The body of the node's answer, if there was one.
  public Optional<String> received() {
    return received;
  }

  public int status() {
    return status;
  }

  public Headers headers() {
    return headers;
  }

  /// What this client was refused for; a right proxy says it at most once.
  public List<Refusal> refusals() {
    return refusals;
  }

  /// The pushes whose commands were reported on as refused.
  public List<Push> reported() {
    return reported;
  }
}
