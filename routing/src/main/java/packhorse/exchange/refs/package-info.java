/// Requests for ref advertisements: selects the node, coalesces concurrent requests, and records
/// what the advertisements show.
@NullMarked
package packhorse.exchange.refs;

import org.jspecify.annotations.NullMarked;
