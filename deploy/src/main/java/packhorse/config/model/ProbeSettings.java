package packhorse.config.model;

import java.time.Duration;
import java.util.Optional;

/// How the health of a pool's nodes is determined: by probes, and by the requests of clients that
/// fail.
///
/// @param active whether probes are sent; false for `probe: none`, where only the requests of
///   clients show whether a node is up
/// @param interval the time between two probes; without probes, the time that a node stays down
///   before it is sent requests of clients again
/// @param timeout the longest duration of one probe
/// @param downAfter the number of consecutive failures, of probes or of requests, after which a
///   node is down
/// @param upAfter the number of consecutive successful probes after which it is up again
/// @param slowStart the time in which a node that is up again reaches its full share of the reads;
///   may be zero
/// @param path the path that a probe requests; any status below 500 is healthy
/// @param canary a repository whose ref advertisement must succeed too
public record ProbeSettings(
    boolean active,
    Duration interval,
    Duration timeout,
    int downAfter,
    int upAfter,
    Duration slowStart,
    String path,
    Optional<String> canary) {}
