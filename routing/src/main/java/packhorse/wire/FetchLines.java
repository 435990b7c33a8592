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

  private final IdList.Builder wants = new IdList.Builder();
  private final List<String> wantRefs = new ArrayList<>();
  private final IdList.Builder haves = new IdList.Builder();
  private final IdList.Builder shallows = new IdList.Builder();
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
      case "deepen" -> depth = (int) number("deepen", value, 1, Integer.MAX_VALUE);
      case "deepen-since" ->
          since = OptionalLong.of(number("deepen-since", value, 0, Long.MAX_VALUE));
      case "deepen-not" -> excluded(value);
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

  void packfileUris(String value) throws WireException {
    packfileUris.add(value);
    if (packfileUris.size() > Limits.CAPABILITIES) {
      throw new WireException.TooLarge("more than " + Limits.CAPABILITIES + " packfile-uris");
    }
  }

  void unknown(String line) {
    Words.addUnknown(unknown, line);
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
      Words.addUnknown(unknown, "deepen-relative");
    }
    return excluding ? new Deepen.Excluding(since, notRefs) : Deepen.none();
  }

  Fetch.Question question(List<String> serverOptions) throws WireException {
    Deepen deepen = deepen();
    return new Fetch.Question(
        new Fetch.Wanted(format(), wants.build(), wantRefs),
        new Fetch.Known(haves.build(), shallows.build(), done),
        deepen,
        filter(),
        options,
        new Fetch.Extras(serverOptions, packfileUris, unknown));
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

  private void excluded(String ref) throws WireException {
    notRefs.add(ref);
    if (notRefs.size() > Limits.EXCLUDED_REFS) {
      throw new WireException.TooLarge("more than " + Limits.EXCLUDED_REFS + " deepen-not");
    }
  }

  private void filter(String value) throws WireException {
    if (filter != null) {
      throw new WireException("more than one filter");
    }
    filter = value;
  }

  private void checkWants() throws WireException {
    if (wants.count() + wantRefs.size() > Limits.WANTS) {
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

  private static long number(String word, String value, long least, long most)
      throws WireException {
    boolean digits =
        !value.isEmpty()
            && value.length() <= 19
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      long number = digits ? Long.parseLong(value) : -1;
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException tooLong) {
      throw new WireException("invalid " + word + " " + WireText.quoted(value));
    }
    throw new WireException("invalid " + word + " " + WireText.quoted(value));
  }
}
