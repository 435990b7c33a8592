/// The vocabulary of git's protocol that its messages share: object ids, services, protocol
/// versions, capabilities, limits and protocol errors. The messages themselves are in the
/// sub-packages: pkt-lines (`pkt`), ref advertisements (`refs`), fetches (`fetch`), pushes (`push`)
/// and the translation between protocol v2 and v0 (`translate`).
///
/// This is a codec of the project's own, for SHA-1 and SHA-256 repositories alike. It is pure: it
/// knows no HTTP, no SSH and no policy, and has no dependency. Readers turn bytes into records;
/// that a record exists means that its contents were validated. Input that cannot be read is
/// reported as a [WireException]. Everything that a client sends is bounded; the limits are in
/// [WireLimits]. Records are immutable and may be shared; a reader, writer or observer belongs to
/// one thread at a time.
@NullMarked
package packhorse.wire;

import org.jspecify.annotations.NullMarked;
