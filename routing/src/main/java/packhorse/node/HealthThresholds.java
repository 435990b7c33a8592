package packhorse.node;

import java.time.Duration;
import java.util.Optional;

/// The thresholds at which the nodes of a pool are considered down or up again.
///
/// @param downAfter the number of consecutive failures, of probes or of client traffic, after which
///   a node is down
/// @param upAfter the number of consecutive successful probes after which a node is up again
/// @param slowStart the time in which a node that is up again reaches its full share; may be zero
/// @param retry without active probes, the time that a node stays down before client traffic tries
///   it again; empty with active probes
public record HealthThresholds(
    int downAfter, int upAfter, Duration slowStart, Optional<Duration> retry) {}
