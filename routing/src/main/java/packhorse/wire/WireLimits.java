package packhorse.wire;

/// Limits on the size and the number of the things that clients and nodes send. Exceeding a limit
/// on what a client sends is a [WireException.TooLarge], thrown before anything of that size is
/// kept.
public final class WireLimits {

  /// The longest pkt, its four length digits included: git's `LARGE_PACKET_MAX`.
  public static final int PKT_BYTES = 65_520;

  /// A fetch request after decompression: the default of git's `http.maxRequestBuffer`.
  public static final long FETCH_REQUEST_BYTES = 10L << 20;

  /// Wanted objects and refs of one fetch.
  public static final int WANTS = 200_000;

  /// Capabilities of one request, known or not. Server options of v2 count as capabilities.
  public static final int CAPABILITIES = 1_000;

  /// All capabilities of one request together. In v0 they are in one pkt.
  public static final int CAPABILITY_BYTES = 32 << 10;

  /// The name of a ref in a push. For a longer name git could not create a lock file.
  public static final int REF_NAME_BYTES = 4_096;

  /// Unknown capabilities or arguments that are kept of one request. Further ones are dropped; they
  /// are not an error.
  public static final int UNKNOWN_ARGUMENTS = 1_000;

  /// Refs that a shallow fetch excludes (`deepen-not`).
  public static final int DEEPEN_NOT_REFS = 10_000;

  /// Prefixes of one `ls-refs` command. With more, all prefixes are ignored, as in git
  /// (`TOO_MANY_PREFIXES`).
  public static final int REF_PREFIXES = 65_535;

  /// Everything of a push that precedes its pack: enough for about 200,000 commands with ref names
  /// of usual length.
  public static final long PUSH_HEAD_BYTES = 32L << 20;

  /// Commands (ref updates) of one push.
  public static final int PUSH_COMMANDS = 200_000;

  /// Push options of one push. The node makes an environment variable of each.
  public static final int PUSH_OPTIONS = 1_000;

  /// All push options of one push together.
  public static final int PUSH_OPTION_BYTES = 64 << 10;

  /// A node's advertisement or its response to `ls-refs`: enough for more than half a million refs.
  public static final long ADVERTISEMENT_BYTES = 128L << 20;

  /// Arguments of `git upload-archive`: git's `MAX_ARGS`.
  public static final int ARCHIVE_ARGUMENTS = 64;

  /// All arguments of `git upload-archive` together.
  public static final long ARCHIVE_REQUEST_BYTES = 256L << 10;

  /// What is kept of a node's error text. The rest is dropped.
  public static final int ERROR_TEXT_BYTES = 1_024;

  /// A node's report on a push.
  public static final int REPORT_BYTES = 32 << 20;

  /// The capabilities that a node advertises in v2, with what each takes on the heap. Git has about
  /// ten.
  public static final int ADVERTISED_CAPABILITY_BYTES = 1 << 20;

  /// Commits at which the history of a node itself ends.
  public static final int NODE_SHALLOW_COMMITS = 80_000;

  /// The part of a node's stateless v0 response that precedes the pack, besides a line for each
  /// line of the request: enough for 80,000 commits at which a requested depth ends.
  public static final long RESPONSE_HEAD_BYTES = 4L << 20;

  private WireLimits() {}
}
