/// Translates the requests of clients that speak protocol v2 into requests in protocol v0, and the
/// responses of nodes back to v2.
@NullMarked
package packhorse.wire.translate;

import org.jspecify.annotations.NullMarked;
