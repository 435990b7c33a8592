/// The corners of git that proxies get wrong, each through the real fronts.
@NullMarked
package packhorse.it.corners;

import org.jspecify.annotations.NullMarked;
