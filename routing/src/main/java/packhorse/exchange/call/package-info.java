/// One request to a node: composing it from the client's request, failover to another node, header
/// filtering, and copying the response to the client.
@NullMarked
package packhorse.exchange.call;

import org.jspecify.annotations.NullMarked;
