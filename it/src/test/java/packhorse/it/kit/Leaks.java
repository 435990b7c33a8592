package packhorse.it.kit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test that leaves something behind: a child process, a platform thread that is no daemon,
/// a virtual thread with a name, a temporary file of the kit; or on whose account an exception
/// escaped on any thread. What was there before the test is not its fault. For tests that run one
/// after the other.
public final class Leaks implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(Leaks.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Pattern VIRTUAL =
      Pattern.compile("\"virtual\": true,\\s*\"name\": \"([^\"]+)\"");

  /// The virtual threads that the JDK keeps for its own sockets.
  private static final Pattern JDK = Pattern.compile("(Sub|Read-|Write-)?Poller.*|.*-SubPoller.*");

  private record Before(
      Set<String> things,
      List<String> escaped,
      Thread.@org.jspecify.annotations.Nullable UncaughtExceptionHandler handler) {}

  @Override
  public void beforeEach(ExtensionContext test) {
    List<String> escaped = new CopyOnWriteArrayList<>();
    var before = new Before(things(), escaped, Thread.getDefaultUncaughtExceptionHandler());
    test.getStore(OURS).put("before", before);
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> escaped.add(thread + ": " + trace(e)));
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Before before = test.getStore(OURS).remove("before", Before.class);
    if (before == null) return;
    Thread.setDefaultUncaughtExceptionHandler(before.handler());
    if (!before.escaped().isEmpty()) throw new AssertionError("escaped: " + before.escaped());
    if (!Await.within(PATIENCE, () -> since(before.things()).isEmpty())) {
      throw new AssertionError("left behind: " + since(before.things()));
    }
  }

  static List<String> since(Set<String> before) {
    var now = new ArrayList<>(things());
    now.removeAll(before);
    return now;
  }

  static Set<String> things() {
    var things = new TreeSet<String>();
    ProcessHandle.current()
        .descendants()
        .forEach(p -> things.add("process " + p.pid() + " " + p.info().commandLine().orElse("")));
    Scratch.left().forEach(file -> things.add("file " + file));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.isDaemon()) things.add("thread " + kind(thread.getName()));
    }
    things.addAll(virtual());
    return things;
  }

  /// The named virtual threads; only a thread dump knows them.
  private static Set<String> virtual() {
    Path dump =
        Path.of(
            System.getProperty("java.io.tmpdir", "/tmp"),
            "threads-" + ProcessHandle.current().pid() + ".json");
    try {
      Files.deleteIfExists(dump);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return VIRTUAL
          .matcher(Files.readString(dump))
          .results()
          .map(m -> m.group(1))
          .filter(name -> !JDK.matcher(name).matches())
          .map(name -> "virtual thread " + kind(name))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Scratch.delete(dump);
    }
  }

  /// A pool that was there before may grow: its threads differ by a number.
  private static String kind(String name) {
    return name.replaceAll("[0-9]+", "N");
  }

  private static String trace(Throwable e) {
    var text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }
}
