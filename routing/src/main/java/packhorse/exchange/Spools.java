package packhorse.exchange;

import java.nio.file.Path;

/// Makes the spools of answers that are shared; what they put on the disk is bounded for all
/// together. Called on any thread.
final class Spools {
  private static final long MOST_ON_DISK = 256L << 20;

  private final Path directory;
  private final Budget disk;

  /// @param directory where the files lie; nobody else must be able to read it
  Spools(Path directory) {
    this(directory, MOST_ON_DISK);
  }

  Spools(Path directory, long mostOnDisk) {
    this.directory = directory;
    this.disk = new Budget(mostOnDisk);
  }

  Spool spool(int followers) {
    return new Spool(followers, new SpoolFile(directory, disk));
  }
}
