@NullMarked
package packhorse.memory;

import org.jspecify.annotations.NullMarked;
