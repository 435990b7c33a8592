/// Accepting SSH connections, also while the process has no descriptor left.
@NullMarked
package packhorse.ssh.accept;

import org.jspecify.annotations.NullMarked;
