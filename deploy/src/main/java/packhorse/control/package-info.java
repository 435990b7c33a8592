@NullMarked
package packhorse.control;

import org.jspecify.annotations.NullMarked;
