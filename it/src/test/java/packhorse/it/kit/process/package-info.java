/// Runs programs, creates temporary files, allocates ports, and waits for conditions.
@NullMarked
package packhorse.it.kit.process;

import org.jspecify.annotations.NullMarked;
