package packhorse.request;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// The addresses that count as one client where clients are limited: a single IPv4 address, or the
/// /64 of an IPv6 address, because every address of a /64 can belong to one machine. Immutable.
///
/// @param prefix the first address
public record ClientNetwork(InetAddress prefix) {
  private static final int IPV6_PREFIX_BYTES = 8;

  /// The network of a client.
  public static ClientNetwork of(InetAddress client) {
    if (!(client instanceof Inet6Address)) return new ClientNetwork(client);
    byte[] address = client.getAddress();
    Arrays.fill(address, IPV6_PREFIX_BYTES, address.length, (byte) 0);
    try {
      return new ClientNetwork(InetAddress.getByAddress(address));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of the wrong length", impossible);
    }
  }
}
