@NullMarked
package packhorse.node;

import org.jspecify.annotations.NullMarked;
