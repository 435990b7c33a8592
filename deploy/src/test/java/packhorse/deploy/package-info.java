@NullMarked
package packhorse.deploy;

import org.jspecify.annotations.NullMarked;
