/// Reads the configuration file into the tree of `packhorse.config.model`, and prints the tree as a
/// file again. The only code that knows YAML, apart from the positions of problems.
@NullMarked
package packhorse.config.read;

import org.jspecify.annotations.NullMarked;
