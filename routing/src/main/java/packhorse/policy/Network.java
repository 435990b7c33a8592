package packhorse.policy;

import java.net.InetAddress;

/// Addresses that share a prefix: {@code 10.20.0.0/16}. Immutable.
public record Network(InetAddress prefix, int bits) {

  /// Whether the address lies in this network; an address of the other family never does.
  public boolean holds(InetAddress address) {
    byte[] ours = prefix.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) return false;
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) return false;
    }
    return true;
  }
}
