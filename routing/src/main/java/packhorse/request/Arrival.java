package packhorse.request;

import java.net.InetAddress;
import java.time.Instant;

/// The circumstances in which a request came. Made by {@link Arrivals} for a front, once for each
/// request.
///
/// @param id the request's id, also the id of the decision on it; shown to users, kept in the audit
/// @param at when the request was read
/// @param listener the configured name of the listener
/// @param front the protocol that was spoken
/// @param from the client's address
/// @param encrypted whether nobody on the way can have read it
public record Arrival(
    String id, Instant at, String listener, Front front, InetAddress from, boolean encrypted) {

  /// The client's address in digits, without the zone that only this machine knows.
  public String address() {
    String digits = from.getHostAddress();
    int zone = digits.indexOf('%');
    return zone < 0 ? digits : digits.substring(0, zone);
  }
}
