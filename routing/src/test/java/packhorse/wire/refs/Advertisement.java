package packhorse.wire.refs;

import java.util.List;
import java.util.Optional;
import packhorse.wire.Capabilities;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ProtocolVersion;

/// A node's complete advertisement: refs and capabilities in v0 and v1, capabilities alone in v2.
/// The proxy itself never needs the refs as objects; tests do. Read by [AdvertisementReader].
///
/// @param shallow the commits at which the node's own history ends
public record Advertisement(
    ProtocolVersion version,
    ObjectFormat format,
    List<Ref> refs,
    List<ObjectId> shallow,
    Capabilities capabilities) {

  public Advertisement {
    refs = List.copyOf(refs);
    shallow = List.copyOf(shallow);
  }

  /// The first ref of this name.
  public Optional<Ref> ref(String name) {
    return refs.stream().filter(ref -> ref.name().equals(name)).findFirst();
  }
}
