/// Real git over every transport and in every protocol version, through the proxy and at the node.
@NullMarked
package packhorse.it.matrix;

import org.jspecify.annotations.NullMarked;
