/// Real git, JGit and raw sockets against what the program's wiring builds.
@NullMarked
package packhorse.it.ssh;

import org.jspecify.annotations.NullMarked;
