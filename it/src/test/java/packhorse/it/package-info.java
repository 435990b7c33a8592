/// Tests of the assembled proxy with real git, JGit and raw sockets.
@NullMarked
package packhorse.it;

import org.jspecify.annotations.NullMarked;
