package packhorse.kit;

import java.io.IOException;
import java.io.InputStream;

/// A body whose reading fails at once. For one thread.
public final class FailingStream extends InputStream {
  private final Failure failure;

  /// What happens instead of a read.
  public interface Failure {
    void happens() throws IOException;
  }

  public FailingStream(Failure failure) {
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    return read(new byte[1], 0, 1);
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    failure.happens();
    throw new AssertionError("nothing failed");
  }
}
