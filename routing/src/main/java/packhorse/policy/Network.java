package packhorse.policy;

import java.net.InetAddress;
import java.util.Arrays;

/// Addresses that share a prefix: {@code 10.20.0.0/16}. Immutable.
public record Network(InetAddress prefix, int bits) {

  /// Whether the address lies in this network; an address of the other family never does. An IPv4
  /// address inside IPv6 ({@code ::ffff:10.0.0.1}) is the IPv4 address.
  public boolean holds(InetAddress address) {
    byte[] ours = prefix.getAddress();
    byte[] theirs = unmapped(address.getAddress());
    if (ours.length != theirs.length) return false;
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) return false;
    }
    return true;
  }

  private static byte[] unmapped(byte[] address) {
    boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
    for (int i = 0; i < 10; i++) mapped = mapped && address[i] == 0;
    return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
  }
}
