package packhorse.config;

import java.time.Duration;
import java.util.Optional;

/// How a pool's nodes are watched. The thresholds hold for failures of real traffic too.
///
/// @param active false: `probe: none`, only real traffic tells
/// @param timeout of one probe
/// @param downAfter so many failures in a row and the node is down
/// @param upAfter so many successes in a row and it is up again
/// @param slowStart how long a node that came up takes to its full share; may be zero
/// @param path what is asked for; any status below 500 is healthy
/// @param canary a repository whose advertisement must succeed, too
public record ProbeSettings(
    boolean active,
    Duration interval,
    Duration timeout,
    int downAfter,
    int upAfter,
    Duration slowStart,
    String path,
    Optional<String> canary) {}
