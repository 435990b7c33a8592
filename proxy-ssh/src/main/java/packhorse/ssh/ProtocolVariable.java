package packhorse.ssh;

import java.util.regex.Pattern;

/// The only environment variable that a client may set: `GIT_PROTOCOL`, in a form that cannot hold
/// anything else.
final class ProtocolVariable {
  static final String NAME = "GIT_PROTOCOL";
  private static final int LONGEST = 256;
  private static final Pattern FORM = Pattern.compile("version=[012](:[a-z0-9=._-]+)*");

  private ProtocolVariable() {}

  static boolean accepts(String name, String value) {
    return name.equals(NAME) && value.length() <= LONGEST && FORM.matcher(value).matches();
  }
}
