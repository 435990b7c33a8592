/// The files that an operator writes and the proxy reads, and those that the proxy makes itself.
@NullMarked
package packhorse.file;

import org.jspecify.annotations.NullMarked;
