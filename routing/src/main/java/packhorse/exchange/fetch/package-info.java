/// Fetches over HTTP and SSH: choosing a node that has the objects, keep-alives while it is silent,
/// and translation between protocol v2 and v0.
@NullMarked
package packhorse.exchange.fetch;

import org.jspecify.annotations.NullMarked;
