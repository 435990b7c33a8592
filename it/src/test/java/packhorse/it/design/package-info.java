/// Checks that the build makes on the sources: dependencies between packages, sizes, and names.
@NullMarked
package packhorse.it.design;

import org.jspecify.annotations.NullMarked;
