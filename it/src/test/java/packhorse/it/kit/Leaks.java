package packhorse.it.kit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a test that leaves something behind: a child process, a platform thread that is no daemon,
/// a virtual thread with a name, a temporary file of the kit; or on whose account an exception
/// escaped on any thread. What was there before the test is not its fault. For tests that run one
/// after the other.
///
/// Where one instance runs all tests of a class, what they share may start threads whenever it
/// likes: threads are looked at when the class, or one round of a class with parameters, is done,
/// the rest after each test.
public final class Leaks
    implements BeforeAllCallback,
        BeforeClassTemplateInvocationCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterClassTemplateInvocationCallback,
        AfterAllCallback {
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(Leaks.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Pattern VIRTUAL =
      Pattern.compile("\"virtual\": true,\\s*\"name\": \"([^\"]+)\"");

  /// The virtual threads that the JDK keeps for its own sockets.
  private static final Pattern JDK = Pattern.compile("(Sub|Read-|Write-)?Poller.*|.*-SubPoller.*");

  private record Before(Set<String> things) {}

  private record Escapes(List<String> seen, Thread.@Nullable UncaughtExceptionHandler handler) {}

  @Override
  public void beforeAll(ExtensionContext tests) {
    tests.getStore(OURS).put("class", new Before(things()));
  }

  @Override
  public void beforeClassTemplateInvocation(ExtensionContext tests) {
    tests.getStore(OURS).put("round", new Before(things()));
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    List<String> seen = new CopyOnWriteArrayList<>();
    test.getStore(OURS).put("test", new Before(threadsToo(test) ? things() : objects()));
    test.getStore(OURS)
        .put("escapes", new Escapes(seen, Thread.getDefaultUncaughtExceptionHandler()));
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
      if (!lateRead(e)) seen.add(thread + ": " + trace(e));
    });
  }

  /// Whether it is the end of a read that nobody waits for: the JDK shuts MINA's executor right
  /// after the channels, and its poller may just be handing over what a client, closed by JGit the
  /// moment it was done, still got.
  private static boolean lateRead(Throwable e) {
    List<String> methods = Stream.of(e.getStackTrace()).map(Leaks::method).toList();
    return e instanceof IllegalStateException
        && methods.contains("NoCloseExecutor.execute")
        && methods.contains("UnixAsynchronousSocketChannelImpl.finishRead");
  }

  private static String method(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Escapes escapes = test.getStore(OURS).remove("escapes", Escapes.class);
    if (escapes != null) {
      Thread.setDefaultUncaughtExceptionHandler(escapes.handler());
      if (!escapes.seen().isEmpty()) throw new AssertionError("escaped: " + escapes.seen());
    }
    check(test.getStore(OURS).remove("test", Before.class), threadsToo(test));
  }

  @Override
  public void afterClassTemplateInvocation(ExtensionContext tests) {
    check(tests.getStore(OURS).remove("round", Before.class), true);
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    check(tests.getStore(OURS).remove("class", Before.class), true);
  }

  private static boolean threadsToo(ExtensionContext test) {
    return !test.getTestInstanceLifecycle().equals(java.util.Optional.of(Lifecycle.PER_CLASS));
  }

  private static void check(@Nullable Before before, boolean threadsToo) {
    if (before == null) return;
    if (Await.within(PATIENCE, () -> since(before.things(), threadsToo).isEmpty())) return;
    throw new AssertionError("left behind: " + since(before.things(), threadsToo));
  }

  /// What there is now and was not before.
  static Set<String> since(Set<String> before, boolean threadsToo) {
    Set<String> now = threadsToo ? things() : objects();
    now.removeAll(before);
    return now;
  }

  /// Processes, files and threads.
  static Set<String> things() {
    Set<String> things = objects();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.isDaemon()) things.add("thread " + kind(thread.getName()));
    }
    things.addAll(virtual());
    return things;
  }

  /// Processes and files.
  private static Set<String> objects() {
    var objects = new TreeSet<String>();
    ProcessHandle.current()
        .descendants()
        .forEach(p -> objects.add("process " + p.pid() + " " + p.info().commandLine().orElse("")));
    Scratch.left().forEach(file -> objects.add("file " + file));
    return objects;
  }

  /// The named virtual threads; only a thread dump knows them.
  private static Set<String> virtual() {
    String name = "threads-" + ProcessHandle.current().pid() + ".json";
    Path dump = Path.of(System.getProperty("java.io.tmpdir", "/tmp"), name);
    try {
      Files.deleteIfExists(dump);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return VIRTUAL
          .matcher(Files.readString(dump))
          .results()
          .map(m -> m.group(1))
          .filter(thread -> !JDK.matcher(thread).matches())
          .map(thread -> "virtual thread " + kind(thread))
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
