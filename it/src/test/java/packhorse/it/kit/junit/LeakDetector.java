package packhorse.it.kit.junit;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import packhorse.it.kit.process.Await;
import packhorse.it.kit.process.TempFiles;

/// A JUnit extension that fails a test which leaves something behind: a child process, a platform
/// thread that is not a daemon, a virtual thread with a name, or a temporary file of the kit; also
/// a test during which an exception escaped on any thread. What existed before the test does not
/// count. For tests that run one after the other.
///
/// Where one instance runs all tests of a class (`PER_CLASS`), the objects that they share may
/// start threads at any time. Threads are then checked when the class, or one invocation of a
/// parameterized class, has ended; everything else is checked after each test.
public final class LeakDetector
    implements BeforeAllCallback,
        BeforeClassTemplateInvocationCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterClassTemplateInvocationCallback,
        AfterAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(LeakDetector.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Pattern VIRTUAL =
      Pattern.compile("\"virtual\": true,\\s*\"name\": \"([^\"]+)\"");

  /// The virtual threads that the JDK itself uses for sockets.
  private static final Pattern JDK = Pattern.compile("(Sub|Read-|Write-)?Poller.*|.*-SubPoller.*");

  private record Snapshot(Set<String> resources) {}

  private record UncaughtExceptions(
      List<String> messages, Thread.@Nullable UncaughtExceptionHandler handler) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    context.getStore(NAMESPACE).put("class", new Snapshot(snapshot()));
  }

  @Override
  public void beforeClassTemplateInvocation(ExtensionContext context) {
    context.getStore(NAMESPACE).put("round", new Snapshot(snapshot()));
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    List<String> messages = new CopyOnWriteArrayList<>();
    test.getStore(NAMESPACE)
        .put("test", new Snapshot(checksThreads(test) ? snapshot() : processesAndFiles()));
    test.getStore(NAMESPACE)
        .put(
            "exceptions",
            new UncaughtExceptions(messages, Thread.getDefaultUncaughtExceptionHandler()));
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
      if (!isReadAfterShutdown(e)) messages.add(thread + ": " + stackTrace(e));
    });
  }

  /// Returns whether an exception comes from a read that completed after its channel was closed.
  /// MINA shuts its executor down right after the channels, and the JDK's poller may still deliver
  /// data that a client, closed by JGit as soon as it was done, has received.
  private static boolean isReadAfterShutdown(Throwable e) {
    List<String> methods = Stream.of(e.getStackTrace()).map(LeakDetector::methodName).toList();
    return e instanceof IllegalStateException
        && methods.contains("NoCloseExecutor.execute")
        && methods.contains("UnixAsynchronousSocketChannelImpl.finishRead");
  }

  private static String methodName(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    UncaughtExceptions exceptions =
        test.getStore(NAMESPACE).remove("exceptions", UncaughtExceptions.class);
    if (exceptions != null) {
      Thread.setDefaultUncaughtExceptionHandler(exceptions.handler());
      if (!exceptions.messages().isEmpty())
        throw new AssertionError("uncaught exceptions: " + exceptions.messages());
    }
    check(test.getStore(NAMESPACE).remove("test", Snapshot.class), checksThreads(test));
  }

  @Override
  public void afterClassTemplateInvocation(ExtensionContext context) {
    check(context.getStore(NAMESPACE).remove("round", Snapshot.class), true);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check(context.getStore(NAMESPACE).remove("class", Snapshot.class), true);
  }

  private static boolean checksThreads(ExtensionContext test) {
    return !test.getTestInstanceLifecycle().equals(Optional.of(Lifecycle.PER_CLASS));
  }

  private static void check(@Nullable Snapshot before, boolean withThreads) {
    if (before == null) return;
    if (Await.holdsWithin(TIMEOUT, () -> addedSince(before.resources(), withThreads).isEmpty()))
      return;
    throw new AssertionError(
        "left behind by the test: " + addedSince(before.resources(), withThreads));
  }

  /// Returns what exists now and is not in an earlier snapshot.
  public static Set<String> addedSince(Set<String> earlier, boolean withThreads) {
    Set<String> now = withThreads ? snapshot() : processesAndFiles();
    now.removeAll(earlier);
    return now;
  }

  /// Returns the processes, files and threads that exist now.
  public static Set<String> snapshot() {
    Set<String> resources = processesAndFiles();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.isDaemon()) resources.add("thread " + withoutNumbers(thread.getName()));
    }
    resources.addAll(virtualThreads());
    return resources;
  }

  /// Returns the processes and files that exist now.
  private static Set<String> processesAndFiles() {
    var found = new TreeSet<String>();
    ProcessHandle.current()
        .descendants()
        .forEach(p -> found.add("process " + p.pid() + " " + p.info().commandLine().orElse("")));
    TempFiles.existing().forEach(file -> found.add("file " + file));
    return found;
  }

  /// Returns the virtual threads that have names. Only a thread dump lists them.
  private static Set<String> virtualThreads() {
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
          .map(thread -> "virtual thread " + withoutNumbers(thread))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      TempFiles.delete(dump);
    }
  }

  /// Replaces numbers in a thread's name, because a pool that existed before the test may have
  /// grown.
  private static String withoutNumbers(String name) {
    return name.replaceAll("[0-9]+", "N");
  }

  private static String stackTrace(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
