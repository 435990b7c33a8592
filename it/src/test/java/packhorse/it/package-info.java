/// Real git, JGit and raw sockets against what the program's wiring builds.
@NullMarked
package packhorse.it;

import org.jspecify.annotations.NullMarked;
