package packhorse.wire;

import java.util.List;

/// What every v2 command says before its arguments, and its bytes.
///
/// @param unknown capabilities that we do not know, word for word: the node judges them
/// @param raw the command from its first byte to its flush, as it came
public record V2Request(
    ObjectFormat format,
    Caller caller,
    List<String> serverOptions,
    List<String> unknown,
    Bytes raw) {
  public V2Request {
    serverOptions = List.copyOf(serverOptions);
    unknown = List.copyOf(unknown);
  }

  /// The same, with its bytes.
  V2Request cameAs(Bytes whole) {
    return new V2Request(format, caller, serverOptions, unknown, whole);
  }
}
