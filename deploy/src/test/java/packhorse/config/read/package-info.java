/// Tests of reading, checking and printing configurations.
@NullMarked
package packhorse.config.read;

import org.jspecify.annotations.NullMarked;
