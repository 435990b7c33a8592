package packhorse.it.kit;

/// One row of the matrix: over what, and in which protocol version the client asks.
public record Way(Transport transport, int version) {
  @Override
  public String toString() {
    return transport + " v" + version;
  }
}
