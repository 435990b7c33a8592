package packhorse.wire.fetch;

import java.util.List;
import packhorse.wire.ByteString;
import packhorse.wire.ClientAgent;
import packhorse.wire.ObjectFormat;

/// The part that all v2 commands have in common: the capabilities that precede the arguments.
///
/// @param unknownCapabilities capabilities that this codec does not know, unchanged. The node
///   accepts or rejects them
/// @param raw all bytes of the command from its first byte to its flush, unchanged
public record V2CommandHeader(
    ObjectFormat format,
    ClientAgent clientAgent,
    List<String> serverOptions,
    List<String> unknownCapabilities,
    ByteString raw) {
  public V2CommandHeader {
    serverOptions = List.copyOf(serverOptions);
    unknownCapabilities = List.copyOf(unknownCapabilities);
  }

  V2CommandHeader withRaw(ByteString bytes) {
    return new V2CommandHeader(format, clientAgent, serverOptions, unknownCapabilities, bytes);
  }
}
