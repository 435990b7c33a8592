package packhorse.request;

/// One line of an HTTP header: a field name, in upper or lower case, and its value.
public record Header(String name, String value) {
  /// Whether this line has that field name; case is ignored.
  public boolean hasName(String other) {
    return name.equalsIgnoreCase(other);
  }
}
