/// Pushes over HTTP and SSH: commands are authorised, then everything is relayed once, to one node.
@NullMarked
package packhorse.exchange.push;

import org.jspecify.annotations.NullMarked;
