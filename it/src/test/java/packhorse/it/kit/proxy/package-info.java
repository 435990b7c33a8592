/// Starts the proxy, in the process of the tests or in its own, with a configuration and nodes.
@NullMarked
package packhorse.it.kit.proxy;

import org.jspecify.annotations.NullMarked;
