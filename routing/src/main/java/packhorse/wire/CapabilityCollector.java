package packhorse.wire;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects the capabilities of one request without duplicates, within the limits
/// [WireLimits#CAPABILITIES] and [WireLimits#CAPABILITY_BYTES].
public final class CapabilityCollector {

  private final Set<String> capabilities = new LinkedHashSet<>();
  private int bytes;

  /// Adds a capability.
  ///
  /// @throws WireException.TooLarge when a limit is exceeded
  public void add(String capability) throws WireException {
    if (capabilities.add(capability)) {
      bytes += capability.length() + 1;
    }
    if (capabilities.size() > WireLimits.CAPABILITIES || bytes > WireLimits.CAPABILITY_BYTES) {
      throw new WireException.TooLarge(
          "more than "
              + WireLimits.CAPABILITIES
              + " capabilities or "
              + WireLimits.CAPABILITY_BYTES
              + " bytes of them");
    }
  }

  /// Adds the capabilities of a list that is separated by white space.
  ///
  /// @throws WireException.TooLarge when a limit is exceeded
  public void addAll(String capabilityList) throws WireException {
    for (String capability : Capabilities.parse(capabilityList).entries()) {
      add(capability);
    }
  }

  public Capabilities capabilities() {
    return new Capabilities(List.copyOf(capabilities));
  }
}
