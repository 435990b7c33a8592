@NullMarked
package packhorse.exchange;

import org.jspecify.annotations.NullMarked;
