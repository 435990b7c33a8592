/// What the design asks of the sources, checked by the build: who may depend on whom, how large
/// things may grow, which words are not ours.
@NullMarked
package packhorse.it.design;

import org.jspecify.annotations.NullMarked;
