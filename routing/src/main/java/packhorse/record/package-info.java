@NullMarked
package packhorse.record;

import org.jspecify.annotations.NullMarked;
