package packhorse.it.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import packhorse.it.kit.git.Repository;
import packhorse.it.kit.junit.LeakDetector;

/// Base class of tests with real git over every transport and in every protocol version. The tests
/// are in [FetchMatrixTest], [ShallowMatrixTest] and [PushMatrixTest]; each of them runs once at
/// every [TargetType]. One instance runs all tests of a class, one target after the other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("counted")
@ExtendWith(LeakDetector.class)
abstract class ClientMatrix {
  private final AtomicInteger repositoryCount = new AtomicInteger();

  @TempDir Path folder;

  @Parameter TargetType targetType = TargetType.DIRECT;

  private @Nullable MatrixTarget target;

  @BeforeParameterizedClassInvocation
  final void open(TargetType type, @TempDir Path ownFolder) {
    target = type.start(ownFolder);
  }

  @AfterParameterizedClassInvocation
  final void close() {
    if (target != null) target.close();
  }

  /// Returns the target of the current invocation.
  final MatrixTarget target() {
    return Objects.requireNonNull(target);
  }

  /// Returns a repository name that no other test uses.
  String uniqueName(ClientProtocol protocol) {
    return "matrix/"
        + protocol.toString().toLowerCase(Locale.ROOT).replace(' ', '-')
        + "-"
        + repositoryCount.incrementAndGet();
  }

  /// Creates a sample repository for one test.
  MatrixCase sample(ClientProtocol protocol, String... settings) {
    return testCase(protocol, target().repositories().sample(uniqueName(protocol), settings));
  }

  /// Creates what a test needs to work with this repository.
  MatrixCase testCase(ClientProtocol protocol, Repository repository) {
    Path ownFolder = folder.resolve(repository.name());
    try {
      Files.createDirectories(ownFolder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new MatrixCase(target(), protocol, ownFolder, repository);
  }
}
