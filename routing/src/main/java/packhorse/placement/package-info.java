/// Finds the location of a repository: the site that the client called, the pool behind it, and the
/// nodes of that pool which may have the repository.
@NullMarked
package packhorse.placement;

import org.jspecify.annotations.NullMarked;
