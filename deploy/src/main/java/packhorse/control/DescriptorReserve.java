package packhorse.control;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Some open files that are closed, one by one, when a connection for monitoring could not be
/// accepted because the process has no descriptor left. Called on any thread.
final class DescriptorReserve implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DescriptorReserve.class);
  private static final String FILE = "/dev/null";

  private final int size;
  private final Deque<FileInputStream> files = new ArrayDeque<>();
  private boolean closed;

  DescriptorReserve(int size) {
    this.size = size;
    refill();
  }

  /// Opens the files that are missing, as far as there are descriptors.
  synchronized void refill() {
    try {
      while (!closed && files.size() < size) files.push(new FileInputStream(FILE));
    } catch (IOException e) {
      log.atTrace().setCause(e).log("the reserve of descriptors cannot be filled yet");
    }
  }

  /// Frees one descriptor; returns false if none is left in the reserve.
  synchronized boolean release() throws IOException {
    if (files.isEmpty()) return false;
    files.pop().close();
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    for (FileInputStream file : files) file.close();
    files.clear();
  }
}
