/// Clients of one dialect at nodes of another, each compared with the node directly.
@NullMarked
package packhorse.it.dialects;

import org.jspecify.annotations.NullMarked;
