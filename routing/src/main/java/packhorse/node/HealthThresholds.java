package packhorse.node;

import java.time.Duration;
import java.util.Optional;

/// The thresholds at which a node of a pool is considered down, and up again, with the times that
/// apply afterwards. Immutable.
///
/// @param downAfter the number of consecutive failures, of probes or of client traffic, after which
///   a node is down
/// @param upAfter the number of consecutive successful probes after which a node is up again
/// @param slowStart the time in which the share of the reads that a node receives grows to its full
///   weight once the node is up again; may be zero
/// @param retry how long a node stays down before a client's request is sent to it again; empty if
///   active probes decide this
public record HealthThresholds(
    int downAfter, int upAfter, Duration slowStart, Optional<Duration> retry) {}
