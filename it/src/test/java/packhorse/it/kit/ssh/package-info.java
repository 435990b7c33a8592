/// OpenSSH's client and keys.
@NullMarked
package packhorse.it.kit.ssh;

import org.jspecify.annotations.NullMarked;
