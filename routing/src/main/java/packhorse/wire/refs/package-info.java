/// Reads ref advertisements and responses to `ls-refs`: their capabilities, and the object ids of
/// their refs while they are relayed.
@NullMarked
package packhorse.wire.refs;

import org.jspecify.annotations.NullMarked;
