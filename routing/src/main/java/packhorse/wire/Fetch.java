package packhorse.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One fetch, whatever the dialect: one HTTP POST, or one round of an SSH conversation. What is
/// asked is the [Question]: two clients that ask for the same in v0 and in v2 have equal questions.
/// Routing, cache and audit look at it; who asked and how is apart. Made by [FetchReader] and
/// [V2CommandReader].
public record Fetch(Question question, Caller caller, Dialect dialect) {

  /// What decides the answer. Sets (wants, shallow commits) are in the order of their ids, each
  /// once, so that equal questions are equal values; haves are in the client's order, each once.
  ///
  /// @param filter the object filter as it came (`blob:none`)
  public record Question(
      Wanted wanted,
      Known known,
      Deepen deepen,
      Optional<String> filter,
      Set<FetchOption> options,
      Extras extras) {
    public Question {
      EnumSet<FetchOption> copy = EnumSet.noneOf(FetchOption.class);
      copy.addAll(options);
      options = Collections.unmodifiableSet(copy);
    }
  }

  /// The objects wanted by id, and the refs wanted by name (`want-ref`, v2 only). All ids of a
  /// fetch have one format.
  public record Wanted(ObjectFormat format, List<ObjectId> ids, List<String> refs) {
    public Wanted {
      ids = IdList.copyOf(ids).sortedOnce();
      refs = refs.stream().sorted().distinct().toList();
    }
  }

  /// What the client has: objects, the ends of its own shallow history, and whether that is all it
  /// will say.
  public record Known(List<ObjectId> haves, List<ObjectId> shallows, boolean done) {
    public Known {
      haves = IdList.copyOf(haves).once();
      shallows = IdList.copyOf(shallows).sortedOnce();
    }
  }

  /// What few clients say, kept word for word. With anything in `unknown` we do not know what the
  /// answer depends on: such a fetch is relayed and never answered from memory.
  public record Extras(
      List<String> serverOptions, List<String> packfileUris, List<String> unknown) {
    public static final Extras NONE = new Extras(List.of(), List.of(), List.of());

    public Extras {
      serverOptions = List.copyOf(serverOptions);
      packfileUris = List.copyOf(packfileUris);
      unknown = List.copyOf(unknown);
    }
  }

  public ObjectFormat format() {
    return question.wanted.format;
  }

  public List<ObjectId> wants() {
    return question.wanted.ids;
  }

  public List<String> wantRefs() {
    return question.wanted.refs;
  }

  /// Whether anything is wanted, by id or by name. Haves without wants (`push.negotiate`) are a
  /// question as well, and cost no pack.
  public boolean wanting() {
    return !wants().isEmpty() || !wantRefs().isEmpty();
  }

  /// Whether git answers this with nothing in v2, not even a flush: nothing is wanted, and it need
  /// not say what it has of the haves.
  public boolean answeredWithNothing() {
    return !wanting() && !has(FetchOption.WAIT_FOR_DONE);
  }

  /// Whether refs are named, which the node looks up: its answer is as old as its refs.
  public boolean namesRefs() {
    boolean excluding =
        question.deepen instanceof Deepen.Excluding excluded && !excluded.refs().isEmpty();
    boolean sparse = question.filter.filter(filter -> filter.contains("sparse:")).isPresent();
    return excluding || sparse || !wantRefs().isEmpty();
  }

  public List<ObjectId> haves() {
    return question.known.haves;
  }

  public List<ObjectId> shallows() {
    return question.known.shallows;
  }

  public boolean done() {
    return question.known.done;
  }

  public Deepen deepen() {
    return question.deepen;
  }

  public Optional<String> filter() {
    return question.filter;
  }

  public boolean has(FetchOption option) {
    return question.options.contains(option);
  }

  public List<String> serverOptions() {
    return question.extras.serverOptions;
  }

  public List<String> packfileUris() {
    return question.extras.packfileUris;
  }

  public List<String> unknown() {
    return question.extras.unknown;
  }
}
