package packhorse.it.kit.proxy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.TempFiles;

/// Waits for requests of a proxy in this process that wait for a coalesced node request to start.
/// Only a thread dump tells how many there are. For any thread.
public final class WaitingRequests {
  private static final Pattern WAITING = Pattern.compile("AdvertisementCoalescer\\.awaitStart\\(");

  private WaitingRequests() {}

  /// Waits until exactly this many requests wait.
  public static void await(int count) {
    Await.until(
        count + " requests wait for a coalesced node request", () -> waitingCount() == count);
  }

  private static long waitingCount() {
    Path dump = TempFiles.createFile(".json");
    try {
      Files.delete(dump);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return WAITING.matcher(Files.readString(dump)).results().count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      TempFiles.delete(dump);
    }
  }
}
