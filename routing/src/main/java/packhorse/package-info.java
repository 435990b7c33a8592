@NullMarked
package packhorse;

import org.jspecify.annotations.NullMarked;
