package packhorse.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// A block of addresses, `10.20.0.0/16` or `2001:db8::/32`. Immutable.
///
/// @param network its first address
/// @param bits how many leading bits all addresses of the block share
public record Cidr(InetAddress network, int bits) {

  /// Reads a block; a single address is a block of one.
  ///
  /// @throws IllegalArgumentException with a sentence, for anything else and where bits are set
  ///   behind the prefix
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress network = literal(slash < 0 ? text : text.substring(0, slash), text);
    int all = network.getAddress().length * 8;
    int bits = slash < 0 ? all : prefix(text.substring(slash + 1), text);
    if (bits > all) {
      throw new IllegalArgumentException("\"" + text + "\": the prefix is longer than the address");
    }
    Cidr block = new Cidr(first(network, bits), bits);
    if (!block.network.equals(network)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has bits set behind its prefix; write \"" + block + "\"");
    }
    return block;
  }

  /// Whether the address is in the block. An IPv4 address inside IPv6 (`::ffff:10.0.0.1`) is the
  /// IPv4 address, as Java reads it.
  public boolean contains(InetAddress address) {
    return address.getAddress().length == network.getAddress().length
        && sameAddress(first(address, bits), network);
  }

  private static boolean sameAddress(InetAddress one, InetAddress other) {
    return Arrays.equals(one.getAddress(), other.getAddress());
  }

  private static int prefix(String digits, String text) {
    if (!digits.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("\"" + text + "\" is no block of addresses");
    }
    return Integer.parseInt(digits);
  }

  private static InetAddress literal(String address, String text) {
    return Names.literal(address)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\"" + text + "\" is no block of addresses; write 10.20.0.0/16 or 2001:db8::/32"));
  }

  private static InetAddress first(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - i * 8L, 0, 8);
      bytes[i] &= (byte) (0xff << (8 - kept));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("length of an address", impossible);
    }
  }

  /// `ADDRESS/BITS`.
  @Override
  public String toString() {
    return Names.print(network) + "/" + bits;
  }
}
