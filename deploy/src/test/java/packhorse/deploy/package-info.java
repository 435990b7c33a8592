/// Tests of the command line and of logging.
@NullMarked
package packhorse.deploy;

import org.jspecify.annotations.NullMarked;
