package packhorse.request;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;

/// Gives each request its id and its instant. Called by the fronts, on any thread.
public final class Arrivals {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LETTERS = 12;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  /// @param clock the wall clock
  public Arrivals(InstantSource clock) {
    this.clock = clock;
  }

  /// A new arrival at a listener; its id has 60 random bits.
  public Arrival arrive(String listener, Front front, InetAddress from, boolean encrypted) {
    return new Arrival(id(), clock.instant(), listener, front, from, encrypted);
  }

  private String id() {
    long bits = random.nextLong();
    var letters = new StringBuilder(LETTERS);
    for (int i = 0; i < LETTERS; i++, bits >>>= 5) letters.append(ALPHABET[(int) (bits & 31)]);
    return letters.toString();
  }
}
