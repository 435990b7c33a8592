/// Checks of the whole configuration tree, and the problems that are found in a file.
@NullMarked
package packhorse.config.check;

import org.jspecify.annotations.NullMarked;
