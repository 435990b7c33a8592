package packhorse.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import packhorse.policy.CidrBlock;

/// The limits on what clients may send and how many may be connected.
///
/// @param push the largest size of one push, its commands and its pack together; empty if there is
///   no limit
/// @param upload the largest body of a request for a page; empty if there is no limit
/// @param connections the largest number of open connections of each front: the http and https
///   listeners share one count, the ssh listeners another. Status listeners have no limit
/// @param logins how many logins from one address may fail; empty if there is no limit
public record LimitSettings(
    Optional<ByteSize> push, Optional<ByteSize> upload, int connections, Optional<Logins> logins) {

  /// The limit on failed logins.
  ///
  /// @param failures how many logins from one address may fail in a period
  /// @param period begins with the first failure
  /// @param exempt the addresses without a limit
  public record Logins(int failures, Duration period, List<CidrBlock> exempt) {}
}
