/// Clients of one protocol version at nodes of another, compared with the node directly.
@NullMarked
package packhorse.it.dialects;

import org.jspecify.annotations.NullMarked;
