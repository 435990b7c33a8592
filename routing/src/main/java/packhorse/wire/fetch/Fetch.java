package packhorse.wire.fetch;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import packhorse.wire.ClientAgent;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdList;

/// A parsed fetch request of any protocol version: one HTTP POST, or one round of an SSH
/// conversation. Read by [V0FetchReader] and [V2CommandReader].
///
/// @param key what is requested, for routing, cache and audit. Clients that request the same in v0
///   and in v2 have equal keys
/// @param clientAgent what the client says about itself
/// @param dialect the protocol version and the form of the response
public record Fetch(FetchKey key, ClientAgent clientAgent, FetchDialect dialect) {

  /// Everything that determines the contents of the response. Lists whose order has no meaning
  /// (wants, shallow commits) are sorted and without duplicates, so that equal requests have equal
  /// keys. Haves are in the client's order without duplicates.
  ///
  /// @param filter the object filter as the client sent it (`blob:none`)
  public record FetchKey(
      Wants wants,
      ClientHistory history,
      Deepen deepen,
      Optional<String> filter,
      Set<FetchOption> options,
      Extensions extensions) {
    public FetchKey {
      EnumSet<FetchOption> copy = EnumSet.noneOf(FetchOption.class);
      copy.addAll(options);
      options = Collections.unmodifiableSet(copy);
    }
  }

  /// The objects that are wanted by id, and the refs that are wanted by name (`want-ref`, only in
  /// v2). All ids of a fetch have the same object format.
  public record Wants(ObjectFormat format, List<ObjectId> ids, List<String> refs) {
    public Wants {
      ids = ObjectIdList.copyOf(ids).sortedDistinct();
      refs = refs.stream().sorted().distinct().toList();
    }
  }

  /// The history that the client has.
  ///
  /// @param haves objects that the client has
  /// @param shallows the commits at which the client's own history ends
  /// @param done whether the client will send no more haves
  public record ClientHistory(List<ObjectId> haves, List<ObjectId> shallows, boolean done) {
    public ClientHistory {
      haves = ObjectIdList.copyOf(haves).distinct();
      shallows = ObjectIdList.copyOf(shallows).sortedDistinct();
    }
  }

  /// Rarely used arguments, kept as the client sent them.
  ///
  /// @param unknownArguments capabilities and arguments that this codec does not know. If there are
  ///   any, it is unknown what the response depends on: the fetch is relayed to a node and never
  ///   served from a cache
  public record Extensions(
      List<String> serverOptions, List<String> packfileUris, List<String> unknownArguments) {
    public static final Extensions NONE = new Extensions(List.of(), List.of(), List.of());

    public Extensions {
      serverOptions = List.copyOf(serverOptions);
      packfileUris = List.copyOf(packfileUris);
      unknownArguments = List.copyOf(unknownArguments);
    }
  }

  public ObjectFormat format() {
    return key.wants.format;
  }

  public List<ObjectId> wants() {
    return key.wants.ids;
  }

  public List<String> wantRefs() {
    return key.wants.refs;
  }

  /// Whether anything is wanted, by id or by name. A fetch with haves and without wants
  /// (`push.negotiate`) is valid too, and gets no pack.
  public boolean hasWants() {
    return !wants().isEmpty() || !wantRefs().isEmpty();
  }

  /// Whether git's response in v2 has no bytes at all, not even a flush: nothing is wanted, and the
  /// client did not request acknowledgments (`wait-for-done`).
  public boolean hasEmptyResponse() {
    return !hasWants() && !has(FetchOption.WAIT_FOR_DONE);
  }

  /// Whether the fetch names refs, or objects by name, which the node resolves. The response is
  /// then only as fresh as the refs of that node.
  public boolean dependsOnRefNames() {
    boolean excludesRefs =
        key.deepen instanceof Deepen.Exclusion exclusion && !exclusion.excludedRefs().isEmpty();
    boolean sparse = key.filter.filter(filter -> filter.contains("sparse:")).isPresent();
    return excludesRefs || sparse || !wantRefs().isEmpty();
  }

  public List<ObjectId> haves() {
    return key.history.haves;
  }

  public List<ObjectId> shallows() {
    return key.history.shallows;
  }

  public boolean done() {
    return key.history.done;
  }

  public Deepen deepen() {
    return key.deepen;
  }

  public Optional<String> filter() {
    return key.filter;
  }

  public boolean has(FetchOption option) {
    return key.options.contains(option);
  }

  public List<String> serverOptions() {
    return key.extensions.serverOptions;
  }

  public List<String> packfileUris() {
    return key.extensions.packfileUris;
  }

  public List<String> unknownArguments() {
    return key.extensions.unknownArguments;
  }
}
