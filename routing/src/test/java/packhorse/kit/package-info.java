/// What the core's unit tests build their subjects from: sample requests, a clock that is set, a
/// link that follows a script, a client that remembers.
@NullMarked
package packhorse.kit;

import org.jspecify.annotations.NullMarked;
