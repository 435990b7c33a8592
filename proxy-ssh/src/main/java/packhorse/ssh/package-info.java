@NullMarked
package packhorse.ssh;

import org.jspecify.annotations.NullMarked;
