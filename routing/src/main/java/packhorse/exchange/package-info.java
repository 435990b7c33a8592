/// Answers permitted requests: entry points for HTTP and SSH, the interfaces that the fronts
/// implement for a client, and the record of an answer. The sub-packages answer ref advertisements,
/// fetches and pushes; `call` sends one request to a node.
@NullMarked
package packhorse.exchange;

import org.jspecify.annotations.NullMarked;
