/// Relays requests of Git LFS.
@NullMarked
package packhorse.exchange.lfs;

import org.jspecify.annotations.NullMarked;
