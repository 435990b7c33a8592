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

/// Runs the tests with the tag `generated` with new seeds until a time limit, and prints every
/// failing case. `it/search` starts it.
///
/// Arguments: the time limit in minutes; the first seed, or `random`; then the folders of the test
/// classes.
final class SeedSearch implements TestExecutionListener {
  /// The number of seeds of one round; more than any test uses.
  private static final long SEEDS_PER_ROUND = 1_000;

  // In the name of a parameterized test, or in the message of a failure.
  private static final Pattern SEED =
      Pattern.compile("^\\[\\d+] (?:seed = )?(\\d+)$|\\bseed[ =](\\d+)");

  private final Launcher launcher = LauncherFactory.create();
  private final Set<String> failures = new LinkedHashSet<>();
  private long caseCount;
  private long first;

  private SeedSearch() {
    launcher.registerTestExecutionListeners(this);
  }

  public static void main(String[] args) {
    long deadline = System.nanoTime() + Duration.ofMinutes(Long.parseLong(args[0])).toNanos();
    boolean randomSeed = args[1].equals("random");
    long first =
        randomSeed
            ? new SecureRandom().nextInt(1_000_000_000) * SEEDS_PER_ROUND
            : Long.parseLong(args[1]);
    List<Path> folders = Stream.of(args).skip(2).map(Path::of).toList();
    var search = new SeedSearch();
    search.run(folders, first, deadline);
    System.out.printf("%d cases run, %d failed%n", search.caseCount, search.failures.size());
    System.exit(search.failures.isEmpty() ? 0 : 1);
  }

  private void run(List<Path> folders, long from, long deadline) {
    List<Class<?>> tests = findTests(folders);
    for (first = from; System.nanoTime() < deadline; first += SEEDS_PER_ROUND) {
      System.out.printf("seeds from %d%n", first);
      System.setProperty("packhorse.first", Long.toString(first));
      for (Class<?> test : tests) {
        if (System.nanoTime() - deadline >= 0) return;
        launcher.execute(request().selectors(DiscoverySelectors.selectClass(test)).build());
      }
    }
  }

  private static LauncherDiscoveryRequestBuilder request() {
    return LauncherDiscoveryRequestBuilder.request().filters(TagFilter.includeTags("generated"));
  }

  /// Returns the classes with generated tests.
  private List<Class<?>> findTests(List<Path> folders) {
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
    if (test.isTest()) caseCount++;
    if (result.getStatus() == TestExecutionResult.Status.FAILED) reportFailure(test, result);
  }

  private void reportFailure(TestIdentifier test, TestExecutionResult result) {
    String message = result.getThrowable().map(Throwable::toString).orElse("");
    Class<?> testClass = testClass(test);
    String seed = findSeed(test.getDisplayName(), message);
    if (!failures.add(testClass.getSimpleName() + " " + seed)) return;
    System.out.printf(
        """
        FAILED %s %s
        %s
        to repeat: mvn -ntp test -pl %s -am -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -Dpackhorse.seed=%s
        """,
        testClass.getSimpleName(),
        seed,
        message.substring(0, Math.min(2_000, message.length())).indent(2),
        moduleName(testClass),
        testClass.getSimpleName(),
        seed);
  }

  private static Class<?> testClass(TestIdentifier test) {
    var source = test.getSource().orElse(null);
    return source instanceof MethodSource method ? method.getJavaClass() : SeedSearch.class;
  }

  private String findSeed(String name, String message) {
    for (String text : List.of(name, message)) {
      Matcher matcher = SEED.matcher(text);
      if (matcher.find()) return matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }
    return Long.toString(first);
  }

  // The class files are in MODULE/target/test-classes.
  private static String moduleName(Class<?> testClass) {
    Path classes = Path.of(testClass.getProtectionDomain().getCodeSource().getLocation().getPath());
    return classes.resolve("../..").normalize().getFileName().toString();
  }
}
