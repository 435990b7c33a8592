package packhorse.request;

/// One header line, as it came or as it is to be sent; the name in any case.
public record Header(String name, String value) {
  /// Whether it has that name, in any case.
  public boolean named(String other) {
    return name.equalsIgnoreCase(other);
  }
}
