package packhorse.policy;

import java.net.InetAddress;
import java.util.Arrays;

/// A block of IP addresses that share a prefix, such as `10.20.0.0/16`. Immutable.
///
/// @param prefixLength the number of leading bits that the addresses share
public record CidrBlock(InetAddress prefix, int prefixLength) {

  /// Whether the block contains the address. An address of the other family is never contained; an
  /// IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) counts as the IPv4 address.
  public boolean contains(InetAddress address) {
    byte[] expected = prefix.getAddress();
    byte[] actual = unmapped(address.getAddress());
    if (expected.length != actual.length) return false;
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((expected[bit / 8] & mask) != (actual[bit / 8] & mask)) return false;
    }
    return true;
  }

  private static byte[] unmapped(byte[] address) {
    boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
    for (int i = 0; i < 10; i++) mapped = mapped && address[i] == 0;
    return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
  }
}
