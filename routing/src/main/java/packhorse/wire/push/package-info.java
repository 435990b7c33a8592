/// Reads the head of a push, reads a node's report on it, and writes the report that refuses one.
@NullMarked
package packhorse.wire.push;

import org.jspecify.annotations.NullMarked;
