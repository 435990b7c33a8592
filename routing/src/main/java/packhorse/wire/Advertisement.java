package packhorse.wire;

import java.util.List;
import java.util.Optional;

/// What a node announces before anything is asked: in v0 and v1 its refs and capabilities, in v2
/// its capabilities alone. Made by [AdvertisementReader].
///
/// @param shallow commits at which the node's own history ends
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

  /// A v2 advertisement with the refs that `ls-refs` listed.
  public Advertisement with(List<Ref> listed) {
    return new Advertisement(version, format, listed, shallow, capabilities);
  }
}
