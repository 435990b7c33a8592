/// Conversations of SSH clients, tested through the assembled proxy.
@NullMarked
package packhorse.it.ssh;

import org.jspecify.annotations.NullMarked;
