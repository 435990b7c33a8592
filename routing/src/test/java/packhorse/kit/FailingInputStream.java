package packhorse.kit;

import java.io.IOException;
import java.io.InputStream;

/// A request body that fails when it is first read. For one thread.
public final class FailingInputStream extends InputStream {
  private final Failure failure;

  /// Throws the exception of a read.
  public interface Failure {
    void raise() throws IOException;
  }

  public FailingInputStream(Failure failure) {
    this.failure = failure;
  }

  @Override
  public int read() throws IOException {
    return read(new byte[1], 0, 1);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    failure.raise();
    throw new AssertionError("the failure threw nothing");
  }
}
