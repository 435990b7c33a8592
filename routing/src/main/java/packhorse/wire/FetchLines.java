package packhorse.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects the lines of a fetch while one of the readers reads it: `want`, `have`, `shallow`,
/// `deepen...`, `filter`. They are the same in v0 and v2.
final class FetchLines {

  private final List<ObjectId> wants = new ArrayList<>();
  private final List<String> wantRefs = new ArrayList<>();
  private final List<ObjectId> haves = new ArrayList<>();
  private final List<ObjectId> shallows = new ArrayList<>();
  private final List<String> notRefs = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final List<String> packfileUris = new ArrayList<>();
  private final Set<FetchOption> options = EnumSet.noneOf(FetchOption.class);
  private @Nullable ObjectFormat format;
  private @Nullable String filter;
  private int depth;
  private OptionalLong since = OptionalLong.empty();
  private boolean relative;
  private boolean done;

  /// Reads one of the lines that a v0 request may have before its first flush, all but `want`.
  /// False when it is none.
  boolean wantsLine(String line) throws WireException {
    int space = line.indexOf(' ');
    if (space < 0) {
      return false;
    }
    String value = line.substring(space + 1);
    switch (line.substring(0, space)) {
      case "shallow" -> shallows.add(id(value));
      case "deepen" -> depth = (int) positive("deepen", value, Integer.MAX_VALUE);
      case "deepen-since" ->
          since = OptionalLong.of(positive("deepen-since", value, Long.MAX_VALUE));
      case "deepen-not" -> notRefs.add(value);
      case "filter" -> filter(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  void want(String hex) throws WireException {
    wants.add(id(hex));
    checkWants();
  }

  void wantRef(String name) throws WireException {
    wantRefs.add(name);
    checkWants();
  }

  void have(String hex) throws WireException {
    haves.add(id(hex));
  }

  void option(FetchOption option) {
    options.add(option);
  }

  void relative() {
    relative = true;
  }

  void done() {
    done = true;
  }

  void packfileUris(String value) {
    packfileUris.add(value);
  }

  void unknown(String line) {
    unknown.add(line);
  }

  /// Checks the object format that was announced against the ids that came.
  void announced(Optional<ObjectFormat> announced) throws WireException {
    if (announced.isPresent()) {
      agree(announced.get());
    }
  }

  ObjectFormat format() {
    return format == null ? ObjectFormat.SHA1 : format;
  }

  Deepen deepen() throws WireException {
    boolean excluding = since.isPresent() || !notRefs.isEmpty();
    if (depth > 0 && excluding) {
      throw new WireException("deepen together with deepen-since or deepen-not");
    }
    if (depth > 0) {
      return new Deepen.Depth(depth, relative);
    }
    if (relative) {
      unknown.add("deepen-relative");
    }
    return excluding ? new Deepen.Excluding(since, notRefs) : Deepen.none();
  }

  Fetch.Question question(List<String> serverOptions) throws WireException {
    Deepen deepen = deepen();
    return new Fetch.Question(
        new Fetch.Wanted(format(), wants, wantRefs),
        new Fetch.Known(haves, shallows, done),
        deepen,
        filter(),
        options,
        new Fetch.Extras(serverOptions, packfileUris, unknown));
  }

  List<ObjectId> wants() {
    return wants;
  }

  List<ObjectId> haves() {
    return haves;
  }

  List<ObjectId> shallows() {
    return shallows;
  }

  Optional<String> filter() {
    return Optional.ofNullable(filter);
  }

  private void filter(String value) throws WireException {
    if (filter != null) {
      throw new WireException("more than one filter");
    }
    filter = value;
  }

  private void checkWants() throws WireException {
    if (wants.size() + wantRefs.size() > Limits.WANTS) {
      throw new WireException.TooLarge("more than " + Limits.WANTS + " wants");
    }
  }

  private ObjectId id(String hex) throws WireException {
    ObjectId id = ObjectId.parse(hex);
    agree(id.format());
    return id;
  }

  private void agree(ObjectFormat other) throws WireException {
    if (format != null && format != other) {
      throw new WireException(
          "object format " + other.word() + " in a request of format " + format.word());
    }
    format = other;
  }

  private static long positive(String word, String value, long most) throws WireException {
    boolean digits =
        !value.isEmpty()
            && value.length() <= 19
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      long number = digits ? Long.parseLong(value) : 0;
      if (number > 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException tooLong) {
      throw new WireException("invalid " + word + " " + WireText.quoted(value));
    }
    throw new WireException("invalid " + word + " " + WireText.quoted(value));
  }
}
