/// The program: its command line, the assembly of the proxy from its configuration, and logging.
@NullMarked
package packhorse.deploy;

import org.jspecify.annotations.NullMarked;
