/// Decides how tests run: their sizes and seeds, and the check for leaks after each test.
@NullMarked
package packhorse.it.kit.junit;

import org.jspecify.annotations.NullMarked;
