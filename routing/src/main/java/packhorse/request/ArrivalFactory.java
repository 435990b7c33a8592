package packhorse.request;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Creates the [Arrival] of each request, with a new id and the current time. Called by the fronts,
/// on any thread.
public final class ArrivalFactory {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int ID_LENGTH = 12;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /// @param clock the wall clock
  public ArrivalFactory(InstantSource clock) {
    this.clock = clock;
  }

  /// Creates an arrival whose id is 60 random bits, written as 12 characters in base 32.
  ///
  /// @param listener the name of the listener in the configuration
  /// @param encrypted whether the client's connection is encrypted
  public Arrival create(
      String listener, Front front, InetAddress clientAddress, boolean encrypted) {
    return new Arrival(newId(), clock.instant(), listener, front, clientAddress, encrypted);
  }

  private String newId() {
    long bits = random.nextLong();
    var id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++, bits >>>= 5) id.append(ALPHABET[(int) (bits & 31)]);
    return id.toString();
  }
}
