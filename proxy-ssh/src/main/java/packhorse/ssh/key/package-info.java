/// The formats of SSH keys.
@NullMarked
package packhorse.ssh.key;

import org.jspecify.annotations.NullMarked;
