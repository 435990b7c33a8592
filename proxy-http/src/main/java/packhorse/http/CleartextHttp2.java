package packhorse.http;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// HTTP/2 in clear, by prior knowledge or by `Upgrade: h2c` (RFC 7540 §3.2). The only place that
/// knows which request came by upgrade: what its lines say any client can write. Used on any
/// thread.
final class CleartextHttp2 extends HTTP2CServerConnectionFactory {
  private static final String FIRST = "1";

  private final Set<EndPoint> upgraded =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  CleartextHttp2(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public @Nullable Connection upgradeConnection(
      Connector connector,
      EndPoint socket,
      MetaData.Request request,
      HttpFields.Mutable switching) {
    Connection next = super.upgradeConnection(connector, socket, request, switching);
    // prior knowledge looks like a request, too
    if (next != null && !HttpMethod.PRI.is(request.getMethod())) upgraded.add(socket);
    return next;
  }

  /// Whether this is the request that asked for the upgrade of its connection.
  static boolean brought(Request request) {
    var connection = request.getConnectionMetaData();
    var known = connection.getConnector().getConnectionFactory(CleartextHttp2.class);
    return known != null
        && connection.getHttpVersion() == HttpVersion.HTTP_2
        && request.getId().equals(FIRST)
        && known.upgraded.contains(connection.getConnection().getEndPoint());
  }
}
