package packhorse.http.connector;

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

/// Accepts HTTP/2 without TLS, by prior knowledge or by `Upgrade: h2c` (RFC 7540 §3.2), and
/// remembers which connections were upgraded. Only this class knows which request upgraded its
/// connection: the header fields do not tell, because any client can send them. Used on any thread.
public final class CleartextHttp2Factory extends HTTP2CServerConnectionFactory {
  /// The stream of the request that upgraded its connection (RFC 7540 §3.2).
  private static final String UPGRADE_STREAM_ID = "1";

  private final Set<EndPoint> upgraded =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  CleartextHttp2Factory(HttpConfiguration configuration) {
    super(configuration);
  }

  @Override
  public @Nullable Connection upgradeConnection(
      Connector connector,
      EndPoint endPoint,
      MetaData.Request request,
      HttpFields.Mutable responseFields) {
    Connection connection = super.upgradeConnection(connector, endPoint, request, responseFields);
    // The preface of prior knowledge is parsed as a request with the method PRI.
    boolean upgrade = !HttpMethod.PRI.is(request.getMethod());
    if (connection != null && upgrade) upgraded.add(endPoint);
    return connection;
  }

  /// Whether this request upgraded its connection to HTTP/2.
  public static boolean isUpgradeRequest(Request request) {
    var connection = request.getConnectionMetaData();
    var factory = connection.getConnector().getConnectionFactory(CleartextHttp2Factory.class);
    return factory != null
        && connection.getHttpVersion() == HttpVersion.HTTP_2
        && request.getId().equals(UPGRADE_STREAM_ID)
        && factory.upgraded.contains(connection.getConnection().getEndPoint());
  }
}
