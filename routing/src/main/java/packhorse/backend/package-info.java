/// The kinds of pools: what the software of their nodes does differently.
@NullMarked
package packhorse.backend;

import org.jspecify.annotations.NullMarked;
