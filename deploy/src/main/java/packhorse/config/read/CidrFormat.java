package packhorse.config.read;

import java.net.InetAddress;
import java.net.UnknownHostException;
import packhorse.config.model.HostNames;
import packhorse.policy.CidrBlock;

/// Parses and formats CIDR blocks in the notation of the configuration file: `10.20.0.0/16`,
/// `2001:db8::/32`.
final class CidrFormat {
  private CidrFormat() {}

  /// Parses a block. An address without a prefix length is a block of this one address.
  ///
  /// @throws IllegalArgumentException if the text is not a CIDR block, or if bits of the address
  ///   are set after the prefix (`10.20.0.1/16`); with a message for the operator
  static CidrBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash), text);
    int addressBits = address.getAddress().length * 8;
    int prefixLength = slash < 0 ? addressBits : prefixLength(text.substring(slash + 1), text);
    if (prefixLength > addressBits) {
      throw new IllegalArgumentException("\"" + text + "\": the prefix is longer than the address");
    }
    CidrBlock block = new CidrBlock(firstAddress(address, prefixLength), prefixLength);
    if (!block.prefix().equals(address)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has bits set after its prefix; use \"" + format(block) + "\"");
    }
    return block;
  }

  /// @param text the whole text, for the message
  private static int prefixLength(String digits, String text) {
    if (!digits.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("\"" + text + "\" is not a CIDR block");
    }
    return Integer.parseInt(digits);
  }

  private static InetAddress address(String address, String text) {
    return HostNames.parseAddress(address)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\"" + text + "\" is not a CIDR block; use 10.20.0.0/16 or 2001:db8::/32"));
  }

  /// Returns the first address of the block that contains an address: all bits after the prefix are
  /// cleared.
  private static InetAddress firstAddress(InetAddress address, int prefixLength) {
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int prefixBits = Math.clamp(prefixLength - i * 8L, 0, 8);
      bytes[i] &= (byte) (0xff << (8 - prefixBits));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address of the wrong length", impossible);
    }
  }

  /// Returns a block as `ADDRESS/LENGTH`, a single address too.
  static String format(CidrBlock block) {
    return HostNames.format(block.prefix()) + "/" + block.prefixLength();
  }
}
