/// The memory that clients may make the proxy hold, and who gets it when it does not suffice for
/// all.
@NullMarked
package packhorse.memory;

import org.jspecify.annotations.NullMarked;
