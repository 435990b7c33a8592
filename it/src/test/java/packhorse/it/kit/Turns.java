package packhorse.it.kit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Requests in a proxy of this process that wait until their question for a list of refs may be
/// asked; only a thread dump knows them. For any thread.
public final class Turns {
  private static final Pattern WAITING = Pattern.compile("SharedAsks\\.awaitTurn\\(");

  private Turns() {}

  /// Waits until so many requests wait.
  public static void await(int count) {
    Await.until(count + " requests wait for their turn", () -> waiting() == count);
  }

  private static long waiting() {
    Path dump = Scratch.file(".json");
    try {
      Files.delete(dump);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return WAITING.matcher(Files.readString(dump)).results().count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(dump);
    }
  }
}
