@NullMarked
package packhorse.placement;

import org.jspecify.annotations.NullMarked;
