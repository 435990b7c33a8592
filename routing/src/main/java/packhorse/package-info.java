/// The pipeline through which every request passes.
@NullMarked
package packhorse;

import org.jspecify.annotations.NullMarked;
