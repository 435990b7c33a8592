/// Reads and writes pkt-lines, and the side-bands and error messages that are made of them.
@NullMarked
package packhorse.wire.pkt;

import org.jspecify.annotations.NullMarked;
