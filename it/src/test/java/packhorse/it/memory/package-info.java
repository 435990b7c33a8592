/// Clients that make the proxy hold as much memory as they can.
@NullMarked
package packhorse.it.memory;

import org.jspecify.annotations.NullMarked;
