package packhorse.request;

import java.net.InetAddress;
import java.time.Instant;

/// The circumstances in which a request was received. Created by [ArrivalFactory] for a front, once
/// for each request.
///
/// @param id the id of the request, which is also the id of the decision on it; shown to users and
///   written to the audit record
/// @param receivedAt when the request was read
/// @param listener the name of the listener in the configuration
/// @param front the protocol that the client speaks
/// @param clientAddress the client's IP address
/// @param encrypted whether the connection protects the request against being read on the way
public record Arrival(
    String id,
    Instant receivedAt,
    String listener,
    Front front,
    InetAddress clientAddress,
    boolean encrypted) {

  /// The client's IP address in its textual form, without the scope (`%eth0`) of an IPv6 address,
  /// which has a meaning on this machine only.
  public String clientIp() {
    String text = clientAddress.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }
}
