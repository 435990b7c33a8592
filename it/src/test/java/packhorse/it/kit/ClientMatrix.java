package packhorse.it.kit;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What real git does over every transport and in every protocol version: the tests are in
/// [FetchMatrix], [ShallowMatrix] and [PushMatrix]; a subclass of each says at which [Address] they
/// are to be run. One instance runs all tests of a class, one after the other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("untimed")
@Tag("counted")
@ExtendWith(Leaks.class)
public abstract class ClientMatrix {
  private final AtomicInteger made = new AtomicInteger();

  @TempDir Path folder;

  private @Nullable Address address;

  /// Starts what the tests of this class are run at; it is closed after the last of them.
  ///
  /// @param own a folder for it alone
  abstract Address start(Path own);

  @BeforeAll
  final void open(@TempDir Path own) {
    address = start(own);
  }

  @AfterAll
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
      java.nio.file.Files.createDirectories(own);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new Scene(address(), way, own, repository);
  }
}
