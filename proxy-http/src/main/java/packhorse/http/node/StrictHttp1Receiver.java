package packhorse.http.node;

import java.nio.ByteBuffer;
import org.eclipse.jetty.client.transport.internal.HttpChannelOverHTTP;
import org.eclipse.jetty.client.transport.internal.HttpReceiverOverHTTP;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/// Reports the parts of a response, and the buffer that they are parsed from, to a
/// [ResponseHeadValidator]; releases the buffer of an aborted response.
///
/// Uses Jetty's internals, because Jetty has no public API to see a response head as it is on the
/// wire, to learn that bytes came after a response, or to release the unread bytes of an aborted
/// response. `JettyInternalsTest` checks what is relied on here.
final class StrictHttp1Receiver extends HttpReceiverOverHTTP {
  private final ResponseHeadValidator validator = new ResponseHeadValidator();
  private final DeferredRelease buffer = new DeferredRelease(this::releaseUnreadBytes);

  StrictHttp1Receiver(HttpChannelOverHTTP channel) {
    super(channel);
  }

  /// The current thread starts to read from the connection; the buffer is not released until it
  /// calls [#endReading].
  void beginReading() {
    buffer.enter();
  }

  void endReading() {
    buffer.leave();
  }

  @Override
  public Content.@Nullable Chunk read(boolean fillInterestIfNeeded) {
    beginReading();
    try {
      return super.read(fillInterestIfNeeded);
    } finally {
      endReading();
    }
  }

  @Override
  protected void dispose() {
    super.dispose();
    buffer.close();
  }

  private void releaseUnreadBytes() {
    ByteBuffer unread = getResponseBuffer();
    if (unread == null) return;
    BufferUtil.clear(unread);
    // This method hands unread bytes over to an upgraded protocol. There are none now, but it is
    // the only one that releases the buffer.
    onUpgradeFrom();
  }

  @Override
  public void startResponse(HttpVersion version, int status, String reason) {
    validator.onStatusLine(version, status);
    super.startResponse(version, status, reason);
  }

  @Override
  public void parsedHeader(HttpField field) {
    validator.onField();
    super.parsedHeader(field);
  }

  /// Jetty calls this when it has parsed all bytes of the buffer, before it reads more. It also
  /// calls it at the end of an exchange, when there is no incomplete head.
  @Override
  protected boolean isShutdown() {
    ByteBuffer parsed = getResponseBuffer();
    if (parsed != null) validator.onBufferRead(parsed);
    return super.isShutdown();
  }

  @Override
  public boolean headerComplete() {
    var exchange = getHttpExchange();
    if (exchange != null) validator.onHeadComplete(exchange.getResponse(), getResponseBuffer());
    return super.headerComplete();
  }

  @Override
  public boolean messageComplete() {
    var exchange = getHttpExchange();
    var response = exchange == null ? null : exchange.getResponse();
    validator.onMessageComplete(response, getResponseBuffer());
    return super.messageComplete();
  }
}
