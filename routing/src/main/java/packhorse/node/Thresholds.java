package packhorse.node;

import java.time.Duration;
import java.util.Optional;

/// When a pool's nodes are taken for down or up again.
///
/// @param downAfter failures in a row, of probes or of real traffic
/// @param upAfter good probes in a row
/// @param slowStart how long a node that came back takes to get its full share; may be zero
/// @param retry without active probes: how long a node stays down before traffic tries it again;
///   else empty
public record Thresholds(
    int downAfter, int upAfter, Duration slowStart, Optional<Duration> retry) {}
