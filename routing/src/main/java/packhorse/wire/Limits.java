package packhorse.wire;

/// How much of each thing a client may send. Exceeding one is a [WireException.TooLarge], before
/// anything of that size is kept.
public final class Limits {

  /// The longest pkt with its four digits: git's `LARGE_PACKET_MAX`.
  public static final int PKT = 65_520;

  /// A fetch request, inflated: the default of git's `http.maxRequestBuffer`.
  public static final long FETCH_BYTES = 10L << 20;

  /// Wanted objects and refs of one fetch.
  public static final int WANTS = 200_000;

  /// Capabilities of one request, of any kind; server options of v2 are among them.
  public static final int CAPABILITIES = 1_000;

  /// All capabilities of one request together: v0 says them in one pkt.
  public static final int CAPABILITY_BYTES = 32 << 10;

  /// The name of a ref in a push: longer ones have no file that git could lock.
  public static final int REF_NAME = 4_096;

  /// Words that we do not know are kept up to this number; more are not refused.
  public static final int UNKNOWN_WORDS = 1_000;

  /// Refs that a shallow fetch excludes.
  public static final int EXCLUDED_REFS = 10_000;

  /// Above this many prefixes `ls-refs` ignores them all, as git does (`TOO_MANY_PREFIXES`).
  public static final int REF_PREFIXES = 65_535;

  /// Everything of a push before its pack: about two hundred thousand commands with names of usual
  /// length.
  public static final long PUSH_HEAD_BYTES = 32L << 20;

  /// Ref updates of one push.
  public static final int COMMANDS = 200_000;

  /// Push options of one push: the node makes an environment variable of each.
  public static final int PUSH_OPTIONS = 1_000;

  /// All push options of one push together.
  public static final int PUSH_OPTION_BYTES = 64 << 10;

  /// An advertisement or an answer to `ls-refs` of a node: half a million refs and more.
  public static final long ADVERTISEMENT_BYTES = 128L << 20;

  /// Arguments of `git upload-archive`: git's `MAX_ARGS`.
  public static final int ARCHIVE_ARGUMENTS = 64;

  /// All arguments of `git upload-archive` together.
  public static final long ARCHIVE_BYTES = 256L << 10;

  /// What is kept of an error text that a node says.
  public static final int ERROR_TEXT = 1_024;

  /// A report that a node sends about a push.
  public static final int REPORT_BYTES = 32 << 20;

  /// What a bridge reads of a stateless answer before its pack.
  public static final long ANSWER_HEAD_BYTES = 32L << 20;

  private Limits() {}
}
