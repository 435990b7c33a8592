package packhorse.it;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the tests with the tag `generated` with new seeds until the time is up, and prints every
/// case that fails: what `it/search` starts.
///
/// Arguments: how many minutes; the first seed, or nothing for any; then the folders of test
/// classes.
final class SeedSearch implements TestExecutionListener {
  /// More than any test takes of one round.
  private static final long ROUND = 1_000;

  // in the name of a parameterised test, or in the message of a failure
  private static final Pattern SEED =
      Pattern.compile("^\\[\\d+] (?:seed = )?(\\d+)$|\\bseed[ =](\\d+)");

  private final Launcher launcher = LauncherFactory.create();
  private final Set<String> failed = new LinkedHashSet<>();
  private long cases;
  private long first;

  private SeedSearch() {
    launcher.registerTestExecutionListeners(this);
  }

  public static void main(String[] args) {
    long end = System.nanoTime() + Duration.ofMinutes(Long.parseLong(args[0])).toNanos();
    boolean any = args[1].isEmpty();
    long first = any ? new SecureRandom().nextInt(1_000_000_000) * ROUND : Long.parseLong(args[1]);
    List<Path> folders = Stream.of(args).skip(2).map(Path::of).toList();
    var search = new SeedSearch();
    search.run(folders, first, end);
    System.out.printf("%d cases tried, %d failed%n", search.cases, search.failed.size());
    System.exit(search.failed.isEmpty() ? 0 : 1);
  }

  private void run(List<Path> folders, long from, long end) {
    List<Class<?>> tests = tests(folders);
    for (first = from; System.nanoTime() < end; first += ROUND) {
      System.out.printf("seeds from %d on%n", first);
      System.setProperty("packhorse.first", Long.toString(first));
      for (Class<?> test : tests) {
        if (System.nanoTime() - end >= 0) return;
        launcher.execute(request().selectors(DiscoverySelectors.selectClass(test)).build());
      }
    }
  }

  private static LauncherDiscoveryRequestBuilder request() {
    return LauncherDiscoveryRequestBuilder.request().filters(TagFilter.includeTags("generated"));
  }

  /// The classes that have generated tests.
  private List<Class<?>> tests(List<Path> folders) {
    LauncherDiscoveryRequest request =
        request().selectors(DiscoverySelectors.selectClasspathRoots(Set.copyOf(folders))).build();
    var plan = launcher.discover(request);
    return plan.getRoots().stream()
        .flatMap(root -> plan.getDescendants(root).stream())
        .flatMap(test -> test.getSource().stream())
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getJavaClass())
        .distinct()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest()) cases++;
    if (result.getStatus() == TestExecutionResult.Status.FAILED) failed(test, result);
  }

  private void failed(TestIdentifier test, TestExecutionResult result) {
    String message = result.getThrowable().map(Throwable::toString).orElse("");
    Class<?> type = type(test);
    String seed = seed(test.getDisplayName(), message);
    if (!failed.add(type.getSimpleName() + " " + seed)) return;
    System.out.printf(
        """
        FAILED %s %s
        %s
        again: mvn -ntp test -pl %s -am -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -Dpackhorse.seed=%s
        """,
        type.getSimpleName(),
        seed,
        message.substring(0, Math.min(2_000, message.length())).indent(2),
        module(type),
        type.getSimpleName(),
        seed);
  }

  private static Class<?> type(TestIdentifier test) {
    var source = test.getSource().orElse(null);
    return source instanceof MethodSource method ? method.getJavaClass() : SeedSearch.class;
  }

  private String seed(String name, String message) {
    for (String text : List.of(name, message)) {
      Matcher found = SEED.matcher(text);
      if (found.find()) return found.group(1) == null ? found.group(2) : found.group(1);
    }
    return Long.toString(first);
  }

  // MODULE/target/test-classes
  private static String module(Class<?> type) {
    Path classes = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    return classes.resolve("../..").normalize().getFileName().toString();
  }
}
