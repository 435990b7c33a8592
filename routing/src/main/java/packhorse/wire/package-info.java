/// Git's language on the wire: pkt-lines, advertisements, fetches, pushes, reports.
///
/// Our own codec, for 40 and 64 hex digits alike. It is pure: no HTTP, no SSH, no policy, no
/// dependency. Readers turn bytes into records whose existence means that they were validated; what
/// cannot be read is a [WireException]. Everything that a client sends is bounded; the limits are
/// in [Limits]. Records are immutable and may be shared; readers, writers and watches belong to one
/// thread at a time.
@NullMarked
package packhorse.wire;

import org.jspecify.annotations.NullMarked;
