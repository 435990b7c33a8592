package packhorse.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// What real git does over every transport and in every protocol version: the tests are in
/// [FetchMatrixTest], [ShallowMatrixTest] and [PushMatrixTest], each of which runs once at every
/// [MatrixAddress]. One instance runs all tests of a class, one address after the other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("counted")
@ExtendWith(Leaks.class)
abstract class ClientMatrix {
  private final AtomicInteger made = new AtomicInteger();

  @TempDir Path folder;

  @Parameter MatrixAddress where = MatrixAddress.DIRECT;

  private @Nullable Address address;

  @BeforeParameterizedClassInvocation
  final void open(MatrixAddress where, @TempDir Path own) {
    address = where.start(own);
  }

  @AfterParameterizedClassInvocation
  final void close() {
    if (address != null) address.close();
  }

  /// Where the repositories are; the same at each call.
  final Address address() {
    return Objects.requireNonNull(address);
  }

  /// A name that no other test uses.
  String name(Way way) {
    return "matrix/"
        + way.toString().toLowerCase(java.util.Locale.ROOT).replace(' ', '-')
        + "-"
        + made.incrementAndGet();
  }

  /// A test's own place with a small repository.
  Scene sample(Way way, String... settings) {
    return scene(way, address().repositories().sample(name(way), settings));
  }

  /// A test's own place with this repository.
  Scene scene(Way way, Repository repository) {
    Path own = folder.resolve(repository.name());
    try {
      Files.createDirectories(own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Scene(address(), way, own, repository);
  }
}
