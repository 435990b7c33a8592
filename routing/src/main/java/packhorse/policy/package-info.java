/// Decides whether a principal may perform an operation on a repository.
@NullMarked
package packhorse.policy;

import org.jspecify.annotations.NullMarked;
