package packhorse.wire.fetch;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import packhorse.wire.ObjectFormat;
import packhorse.wire.ObjectId;
import packhorse.wire.ObjectIdList;
import packhorse.wire.WireException;
import packhorse.wire.WireLimits;
import packhorse.wire.WireText;

/// Collects and checks the arguments of a fetch (`want`, `have`, `shallow`, `deepen...`, `filter`),
/// which are the same in v0 and v2, while a reader reads them.
final class FetchArguments {

  private final ObjectIdList.Builder wants = new ObjectIdList.Builder();
  private final List<String> wantRefs = new ArrayList<>();
  private final ObjectIdList.Builder haves = new ObjectIdList.Builder();
  private final ObjectIdList.Builder shallows = new ObjectIdList.Builder();
  private final List<String> excludedRefs = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final List<String> packfileUris = new ArrayList<>();
  private final Set<FetchOption> options = EnumSet.noneOf(FetchOption.class);
  private @Nullable ObjectFormat format;
  private @Nullable String filter;
  private int depth;
  private OptionalLong since = OptionalLong.empty();
  private boolean deepenRelative;
  private boolean done;

  /// Appends to a list of unknown capabilities or arguments, unless it has
  /// [WireLimits#UNKNOWN_ARGUMENTS] entries already; further ones are dropped.
  static void addUnknown(List<String> unknown, String argument) {
    if (unknown.size() < WireLimits.UNKNOWN_ARGUMENTS) {
      unknown.add(argument);
    }
  }

  /// Adds a line of the kinds that may precede the first flush of a v0 request, except `want`.
  /// Returns false for any other line.
  boolean addUploadRequestLine(String line) throws WireException {
    int space = line.indexOf(' ');
    if (space < 0) {
      return false;
    }
    String value = line.substring(space + 1);
    switch (line.substring(0, space)) {
      case "shallow" -> shallows.add(parseId(value));
      case "deepen" -> depth = (int) parseNumber("deepen", value, 1, Integer.MAX_VALUE);
      case "deepen-since" ->
          since = OptionalLong.of(parseNumber("deepen-since", value, 0, Long.MAX_VALUE));
      case "deepen-not" -> addExcludedRef(value);
      case "filter" -> setFilter(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  void addWant(String hex) throws WireException {
    wants.add(parseId(hex));
    checkWants();
  }

  void addWantRef(String name) throws WireException {
    wantRefs.add(name);
    checkWants();
  }

  void addHave(String hex) throws WireException {
    haves.add(parseId(hex));
  }

  void addOption(FetchOption option) {
    options.add(option);
  }

  void setDeepenRelative() {
    deepenRelative = true;
  }

  void setDone() {
    done = true;
  }

  void addPackfileUris(String value) throws WireException {
    packfileUris.add(value);
    if (packfileUris.size() > WireLimits.CAPABILITIES) {
      throw new WireException.TooLarge("more than " + WireLimits.CAPABILITIES + " packfile-uris");
    }
  }

  void addUnknown(String argument) {
    addUnknown(unknown, argument);
  }

  /// Requires that the ids of this fetch have the object format that the client announced.
  ///
  /// @throws WireException when an id that was added before has another format
  void requireFormat(Optional<ObjectFormat> announced) throws WireException {
    if (announced.isPresent()) {
      checkFormat(announced.get());
    }
  }

  ObjectFormat format() {
    return format == null ? ObjectFormat.SHA1 : format;
  }

  Deepen deepen() throws WireException {
    boolean excludes = since.isPresent() || !excludedRefs.isEmpty();
    if (depth > 0 && excludes) {
      throw new WireException("deepen together with deepen-since or deepen-not");
    }
    if (depth > 0) {
      return new Deepen.Depth(depth, deepenRelative);
    }
    if (deepenRelative) {
      addUnknown("deepen-relative");
    }
    return excludes ? new Deepen.Exclusion(since, excludedRefs) : Deepen.none();
  }

  Fetch.FetchKey toFetchKey(List<String> serverOptions) throws WireException {
    Deepen deepen = deepen();
    return new Fetch.FetchKey(
        new Fetch.Wants(format(), wants.build(), wantRefs),
        new Fetch.ClientHistory(haves.build(), shallows.build(), done),
        deepen,
        filter(),
        options,
        new Fetch.Extensions(serverOptions, packfileUris, unknown));
  }

  List<ObjectId> wants() {
    return wants.build();
  }

  List<ObjectId> shallows() {
    return shallows.build();
  }

  Optional<String> filter() {
    return Optional.ofNullable(filter);
  }

  private void addExcludedRef(String ref) throws WireException {
    excludedRefs.add(ref);
    if (excludedRefs.size() > WireLimits.DEEPEN_NOT_REFS) {
      throw new WireException.TooLarge("more than " + WireLimits.DEEPEN_NOT_REFS + " deepen-not");
    }
  }

  private void setFilter(String value) throws WireException {
    if (filter != null) {
      throw new WireException("more than one filter");
    }
    filter = value;
  }

  private void checkWants() throws WireException {
    if (wants.count() + wantRefs.size() > WireLimits.WANTS) {
      throw new WireException.TooLarge("more than " + WireLimits.WANTS + " wants");
    }
  }

  private ObjectId parseId(String hex) throws WireException {
    ObjectId id = ObjectId.parse(hex);
    checkFormat(id.format());
    return id;
  }

  private void checkFormat(ObjectFormat other) throws WireException {
    if (format != null && format != other) {
      throw new WireException(
          "object format " + other.gitName() + " in a request of format " + format.gitName());
    }
    format = other;
  }

  private static long parseNumber(String argument, String value, long min, long max)
      throws WireException {
    boolean digits =
        !value.isEmpty()
            && value.length() <= 19
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      long number = digits ? Long.parseLong(value) : -1;
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException tooLarge) {
      throw new WireException("invalid " + argument + " " + WireText.quoted(value));
    }
    throw new WireException("invalid " + argument + " " + WireText.quoted(value));
  }
}
