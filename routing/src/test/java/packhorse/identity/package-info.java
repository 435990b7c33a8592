@NullMarked
package packhorse.identity;

import org.jspecify.annotations.NullMarked;
